package dev.tidemill.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.control.decisions.DecisionStore;
import dev.tidemill.stores.postgres.LocalPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scaling decisions in a real PostgreSQL.
final class DecisionsIT {
    private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");

    @TempDir private static Path folder;

    @Test
    void of_each_target_the_newest_are_kept() throws IOException {
        UnpackedPostgres.linkInto(folder.resolve("postgres"));
        try (LocalPostgres postgres =
                LocalPostgres.start(folder.resolve("postgres"), UnpackedPostgres.MIGRATIONS)) {
            DecisionStore store = new DecisionStore(Jdbi.create(postgres.dataSource()), 3);
            List<ScalingDecision> many = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                many.add(decision("digits", i));
            }
            store.add(many);
            store.add(List.of(decision("intents", 0), decision("digits", 5)));
            assertThat(replicas(store.newest("digits", Instant.EPOCH, 10)))
                    .containsExactly(3, 4, 5);
            assertThat(replicas(store.newest("digits", Instant.EPOCH, 2))).containsExactly(4, 5);
            assertThat(replicas(store.newest("digits", START.plusSeconds(5), 10)))
                    .containsExactly(5);
            assertThat(store.newest("intents", Instant.EPOCH, 10))
                    .containsExactly(decision("intents", 0));
            // The clock goes back; what comes last is still the newest.
            store.add(List.of(decision("digits", 1)));
            assertThat(replicas(store.newest("digits", Instant.EPOCH, 10)))
                    .containsExactly(4, 5, 1);
            assertThat(replicas(store.newest("digits", Instant.EPOCH, 1))).containsExactly(1);
        }
    }

    @Test
    void decisions_go_in_and_come_out_over_the_api_as_they_were() throws Exception {
        UnpackedPostgres.linkInto(folder.resolve("data", "postgres"));
        try (ControlProcess control =
                new ControlProcess(
                        new ControlConfig(
                                "control",
                                "127.0.0.1",
                                0,
                                folder.resolve("data").toString(),
                                Optional.empty()))) {
            URI address = URI.create("http://127.0.0.1:" + control.start());
            ControlClient client = new ControlClient(HttpClient.newHttpClient(), address);
            client.decided(List.of(decision("digits", 1), decision("digits", 2)));
            assertThat(client.decisions("digits", START, 1)).containsExactly(decision("digits", 2));
            assertThat(client.decisions("nobody", Instant.EPOCH, 5)).isEmpty();
            assertThatThrownBy(() -> client.decisions("No Name", Instant.EPOCH, 5))
                    .hasMessageStartingWith("target: 'No Name' (expected: ");
            assertThatThrownBy(() -> client.decisions("digits", Instant.EPOCH, 0))
                    .hasMessage("limit: '0' (expected: a whole number from 1 to 1000)");
            rollouts(address);
        }
    }

    /// Of a rollout the step that began last counts, whoever says so.
    private static void rollouts(URI control) throws Exception {
        put(
                control,
                "front",
                "{\"id\":\"a\",\"sinceMillis\":5,\"step\":1},{\"id\":\"b\",\"sinceMillis\":5}");
        put(control, "front", "{\"id\":\"a\",\"sinceMillis\":9,\"step\":2}");
        put(control, "front", "{\"id\":\"a\",\"sinceMillis\":7,\"step\":1}");
        put(control, "other", "{\"id\":\"a\",\"sinceMillis\":1,\"step\":0}");
        assertThat(get(control, "front"))
                .contains("\"step\":2", "\"sinceMillis\":9", "\"id\":\"b\"")
                .doesNotContain("\"step\":1");
        assertThat(get(control, "nobody")).isEqualTo("{\"canaries\":[]}");
        assertThat(put(control, "front", "{\"id\":\"\"}"))
                .contains("id: '' (expected: 1 to 200 characters)");
        assertThat(put(control, "front", "{\"id\":\"a\"}")).contains("milliseconds since 1970");
        assertThat(put(control, "No%20Name", "")).contains("gateway: 'No Name'");
    }

    private static String put(URI control, String gateway, String rollouts) throws Exception {
        return send(
                HttpRequest.newBuilder(control.resolve("/api/v1/rollouts/" + gateway))
                        .PUT(BodyPublishers.ofString("{\"canaries\":[%s]}".formatted(rollouts))));
    }

    private static String get(URI control, String gateway) throws Exception {
        return send(HttpRequest.newBuilder(control.resolve("/api/v1/rollouts/" + gateway)));
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        request.header("content-type", "application/json").build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static List<Integer> replicas(List<ScalingDecision> decisions) {
        return decisions.stream().map(ScalingDecision::replicas).toList();
    }

    private static ScalingDecision decision(String target, int number) {
        return new ScalingDecision(
                START.plusSeconds(number),
                target,
                "hpa",
                "cpu 70 %",
                number,
                number,
                number,
                List.of("max"),
                number,
                "because",
                Map.of("cpu", 0.5),
                Map.of("forecast", 12.25));
    }
}
