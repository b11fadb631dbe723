package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Limits of one model, and those that follow how requests fare.
final class LimitsIT {
    private static final String INFER = "/v2/models/levels/infer";

    @TempDir Path root;

    @Test
    void a_model_takes_no_more_than_its_own_limit() throws Exception {
        // The queue waits for rows that do not come: the one request in it holds the only place.
        Folders.put(
                root,
                "levels",
                "1",
                "classifier",
                """
                max_batch_size: 4
                dynamic_batching { max_queue_delay_microseconds: 1000000 }
                parameters { key: "max_in_flight" value { string_value: "1" } }
                """);
        try (RunningServer server = new RunningServer(root, ServerExtras.NONE);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(clients.submit(() -> server.post(INFER, Folders.ROW)));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Answer> answer : answers) {
                statuses.add(answer.get().status());
                if (answer.get().status() == 429) {
                    assertThat(answer.get().error())
                            .isEqualTo(
                                    "model levels: '1 requests in flight' (expected: at most as many)");
                    assertThat(answer.get().response().headers().firstValue("retry-after"))
                            .hasValue("1");
                }
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 429, 429);
            assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(200);
        }
    }

    @Test
    void a_limit_that_is_no_number_keeps_the_model_from_being_loaded() {
        Folders.put(
                root,
                "levels",
                "1",
                "classifier",
                "parameters { key: \"max_in_flight\" value { string_value: \"few\" } }");
        try (RunningServer server = new RunningServer(root, ServerExtras.NONE)) {
            assertThat(server.post(INFER, Folders.ROW).error())
                    .contains("parameters: max_in_flight: 'few' (expected: >= 1)");
        }
    }

    @Test
    void an_adaptive_limit_is_shown_and_costs_a_load_that_fits_nothing() {
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        ServerExtras adaptive =
                new ServerExtras(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(2),
                        Optional.empty());
        try (RunningServer server = new RunningServer(root, adaptive)) {
            for (int i = 0; i < 300; i++) {
                assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(200);
            }
            assertThat(server.get("/metrics").body()).contains("tidemill_server_limit 4.0");
        }
    }
}
