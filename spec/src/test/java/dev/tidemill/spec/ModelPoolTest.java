package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ModelPoolTest {
    @Test
    void a_model_that_shares_anothers_replicas_is_in_its_pool_through_any_chain() {
        List<ModelPool> pools =
                ModelPool.of(
                        parse(
                                model("guest", "sharesReplicasWith: middle"),
                                model("owner", "scaling: {min: 2, max: 5}"),
                                model("middle", "sharesReplicasWith: owner"),
                                model("alone", "scaling: {min: 1, max: 1}")));
        assertThat(pools.stream().map(ModelPool::name)).containsExactly("owner", "alone");
        assertThat(pools.getFirst().models().stream().map(Resource::name))
                .containsExactly("owner", "guest", "middle");
        assertThat(pools.getFirst().scaling().max()).isEqualTo(5);
    }

    private static List<Model> parse(String... documents) {
        byte[] file = String.join("---\n", documents).getBytes(StandardCharsets.UTF_8);
        return SpecParser.parse("test.yaml", file).orThrow().stream()
                .map(Model.class::cast)
                .toList();
    }

    private static String model(String name, String more) {
        return """
        apiVersion: tidemill.dev/v1alpha1
        kind: Model
        metadata: {name: %s}
        spec:
          source: %s
          %s
        """
                .formatted(name, name, more);
    }
}
