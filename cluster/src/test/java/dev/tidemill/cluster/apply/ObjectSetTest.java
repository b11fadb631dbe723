package dev.tidemill.cluster.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ObjectSetTest {
    @Test
    void an_object_without_a_namespace_gets_the_sets_and_one_of_the_cluster_gets_none() {
        ObjectSet set =
                new ObjectSet(
                        "here",
                        List.of(
                                tree("Service", Map.of("name", "a")),
                                tree("Service", Map.of("name", "b", "namespace", "there")),
                                tree("Namespace", Map.of("name", "here"))));

        assertThat(set.trees().stream().map(t -> new Fields(t).text("metadata", "namespace")))
                .containsExactly("here", "there", "");
        assertThat(set.trees().stream().map(set::ref).map(ref -> ref.namespace()))
                .containsExactly(Optional.of("here"), Optional.of("there"), Optional.empty());
    }

    private static Map<String, Object> tree(String kind, Map<String, Object> metadata) {
        return Map.of("apiVersion", "v1", "kind", kind, "metadata", metadata);
    }
}
