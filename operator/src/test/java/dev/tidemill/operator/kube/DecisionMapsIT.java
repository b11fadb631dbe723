package dev.tidemill.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.http.Metrics;
import dev.tidemill.operator.act.Wanted;
import dev.tidemill.operator.fake.FakeApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class DecisionMapsIT {
    private static final String PATH = "/api/v1/namespaces/ai/configmaps/digits-decisions";

    @Test
    void what_is_put_is_there_for_the_next_and_is_nobodys_to_prune_or_watch() throws IOException {
        try (FakeApiServer server = FakeApiServer.start();
                KubernetesClient client = server.client();
                Metrics metrics = new Metrics()) {
            DecisionMaps maps = new DecisionMaps(client, new OperatorMetrics(metrics));
            assertThat(maps.get("ai", "digits")).isEmpty();

            maps.put("ai", "digits", "{\"decisions\":[]}");
            maps.put("ai", "digits", "{\"decisions\":[1]}");

            assertThat(maps.get("ai", "digits")).contains("{\"decisions\":[1]}");
            JsonNode map = server.get(PATH).orElseThrow();
            assertThat(map.at("/data/decisions").asString()).isEqualTo("{\"decisions\":[1]}");
            assertThat(map.at("/metadata/labels").has(Wanted.LABEL)).isFalse();
            assertThat(server.writes()).containsExactly("PATCH " + PATH, "PATCH " + PATH);
        }
    }
}
