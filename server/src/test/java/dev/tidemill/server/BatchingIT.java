package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Requests of several clients in one run, over a real port.
class BatchingIT {
    private static final String CONFIG =
            """
            max_batch_size: 8
            dynamic_batching { preferred_batch_size: [ 4 ] max_queue_delay_microseconds: 5000000 }
            """;
    private static final String FULL =
            """
            max_batch_size: 8
            dynamic_batching {
              max_queue_delay_microseconds: 3000000
              default_queue_policy { max_queue_size: 1 }
            }
            """;
    private static final List<String> LABELS = List.of("low", "middle", "high");

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path root) throws IOException {
        Path folder = Files.createDirectories(root.resolve("levels/1"));
        try (InputStream in = BatchingIT.class.getResourceAsStream("/models/classifier.onnx")) {
            Files.copy(Objects.requireNonNull(in), folder.resolve("model.onnx"));
        }
        Files.writeString(root.resolve("levels/config.pbtxt"), CONFIG);
        Folders.put(root, "full", "1", "classifier", FULL);
        server = new RunningServer(Folders.served(root));
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        server.close();
    }

    @Test
    void four_clients_share_a_run_and_each_gets_its_own_row() throws Exception {
        List<Future<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int largest = i % 3;
            answers.add(clients.submit(() -> server.post("/v2/models/levels/infer", row(largest))));
        }
        for (int i = 0; i < 4; i++) {
            assertThat(largest(answers.get(i))).as("client %d", i).isEqualTo(i % 3);
        }
        JsonNode batches = server.get("/v2/models/levels/batches").json();
        assertThat(batches.get("joins").asBoolean()).isTrue();
        assertThat(batches.get("batches").get(0).get("requests").asInt()).isEqualTo(4);
        assertThat(batches.get("batches").get(0).get("reason").asString())
                .isEqualTo("it reached a preferred size");
        JsonNode stats = server.get("/v2/models/levels/stats").json().get("model_stats").get(0);
        assertThat(stats.get("inference_count").asInt()).isEqualTo(4);
        assertThat(stats.get("execution_count").asInt()).isEqualTo(1);
        assertThat(stats.get("inference_stats").get("success").get("count").asInt()).isEqualTo(4);
        assertThat(stats.get("batch_stats").get(0).get("batch_size").asInt()).isEqualTo(4);
        for (String part : List.of("compute_input", "compute_infer", "compute_output")) {
            JsonNode requests = stats.get("inference_stats").get(part);
            JsonNode runs = stats.get("batch_stats").get(0).get(part);
            assertThat(requests.get("count").asInt()).as(part).isEqualTo(4);
            assertThat(runs.get("count").asInt()).as(part).isEqualTo(1);
            assertThat(requests.get("ns").asLong()).isEqualTo(4 * runs.get("ns").asLong());
        }
        assertThat(stats.get("inference_stats").get("queue").get("count").asInt()).isEqualTo(4);
        assertThat(server.get("/metrics").body())
                .contains("tidemill_server_batch_rows_count{model=\"levels\",version=\"1\"} 1");
    }

    @Test
    void more_rows_than_the_configuration_allows_are_refused() {
        String rows = "[1,0,0,0],".repeat(9);
        Answer answer =
                server.post(
                        "/v2/models/levels/infer",
                        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[9,4],\"data\":["
                                + rows.substring(0, rows.length() - 1)
                                + "]}]}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("batch-size must be <= 8");
    }

    @Test
    void a_request_that_may_wait_less_than_the_delay_is_told_when_its_time_is_over() {
        Answer answer =
                server.post(
                        "/v2/models/levels/infer",
                        "{\"parameters\":{\"timeout\":20000}," + row(0).substring(1));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.error()).contains("Request timeout expired");
        assertThat(answer.response().headers().firstValue("retry-after")).hasValue("1");
    }

    @Test
    void a_request_that_finds_the_queue_full_is_told_when_to_come_back() throws Exception {
        Future<Answer> first = clients.submit(() -> server.post("/v2/models/full/infer", row(0)));
        while (server.get("/v2/models/full/batches").json().get("waiting").asInt() == 0
                && !first.isDone()) {
            Thread.onSpinWait();
        }
        Answer refused = server.post("/v2/models/full/infer", row(1));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.response().headers().firstValue("retry-after")).hasValue("1");
        first.cancel(true);
    }

    @Test
    void the_configuration_in_effect_is_shown() {
        JsonNode config = server.get("/v2/models/levels/config").json();
        assertThat(config.get("max_batch_size").asInt()).isEqualTo(8);
        assertThat(config.get("dynamic_batching").get("max_queue_delay_microseconds").asLong())
                .isEqualTo(5_000_000);
        assertThat(LABELS).hasSize(config.get("output").get(0).get("dims").get(0).asInt());
    }

    private static String row(int largest) {
        int[] values = new int[4];
        values[largest] = 9;
        return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[%d,%d,%d,%d]}]}"
                .formatted(values[0], values[1], values[2], values[3]);
    }

    private static int largest(Future<Answer> answer)
            throws ExecutionException, InterruptedException {
        JsonNode scores = answer.get().json().get("outputs").get(0).get("data");
        int best = 0;
        for (int i = 1; i < scores.size(); i++) {
            best = scores.get(i).asDouble() > scores.get(best).asDouble() ? i : best;
        }
        return best;
    }
}
