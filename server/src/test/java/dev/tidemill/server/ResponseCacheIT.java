package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ResponseCacheIT {
    private static final String INFER = "/v2/models/levels/infer";
    private static final ServerExtras WITH_ROOM =
            new ServerExtras(
                    Optional.of(true),
                    Optional.of(1L << 20),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    @TempDir Path root;

    @Test
    void answers_the_same_question_without_a_run() {
        put("max_batch_size: 4 response_cache { enable: true }");
        try (RunningServer server = new RunningServer(root, WITH_ROOM)) {
            Answer first = server.post(INFER, Folders.ROW);
            Answer second = server.post(INFER, Folders.ROW);
            Answer other = server.post(INFER, Folders.ROW.replace("[1,0,0,0]", "[0,1,0,0]"));

            assertThat(first.status()).as(first.body()).isEqualTo(200);
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(other.body()).isNotEqualTo(first.body());
            JsonNode stats = stats(server);
            assertThat(stats.get("execution_count").asInt()).isEqualTo(2);
            assertThat(stats.get("inference_count").asInt()).isEqualTo(2);
            assertThat(stats.at("/inference_stats/compute_infer/count").asInt()).isEqualTo(2);
            assertThat(stats.at("/inference_stats/queue/count").asInt()).isEqualTo(3);
            assertThat(stats.at("/inference_stats/cache_hit/count").asInt()).isEqualTo(1);
            assertThat(stats.at("/inference_stats/cache_miss/count").asInt()).isEqualTo(2);
            assertThat(stats.at("/inference_stats/success/count").asInt()).isEqualTo(3);
            assertThat(server.get("/metrics").body())
                    .contains("tidemill_server_cache_entries 2.0")
                    .contains(
                            "tidemill_server_cache_total{model=\"levels\",result=\"hit\",version=\"1\"} 1.0")
                    .contains("nv_inference_count{model=\"levels\",version=\"1\"} 2\n")
                    .contains("nv_cache_num_hits_per_model{model=\"levels\",version=\"1\"} 1\n");
        }
    }

    @Test
    void a_failed_request_is_asked_anew() {
        put("max_batch_size: 4 response_cache { enable: true }");
        try (RunningServer server = new RunningServer(root, WITH_ROOM)) {
            String wrong = Folders.ROW.replace("[1,4]", "[1,3]").replace("[1,0,0,0]", "[1,0,0]");
            assertThat(server.post(INFER, wrong).status()).isEqualTo(400);
            assertThat(server.post(INFER, wrong).status()).isEqualTo(400);
        }
    }

    @Test
    void keeps_nothing_unless_both_the_model_and_the_server_say_so() {
        put("max_batch_size: 4");
        assertThat(hitsOfTwo(WITH_ROOM)).isZero();
        put("max_batch_size: 4 response_cache { enable: true }");
        assertThat(hitsOfTwo(ServerExtras.NONE)).isZero();
        assertThat(hitsOfTwo(WITH_ROOM)).isEqualTo(1);
    }

    private int hitsOfTwo(ServerExtras extras) {
        try (RunningServer server = new RunningServer(root, extras)) {
            server.post(INFER, Folders.ROW);
            assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(200);
            return stats(server).at("/inference_stats/cache_hit/count").asInt();
        }
    }

    private static JsonNode stats(RunningServer server) {
        return server.get("/v2/models/levels/stats").json().get("model_stats").get(0);
    }

    private void put(String config) {
        Folders.put(root, "levels", "1", "classifier", config);
    }
}
