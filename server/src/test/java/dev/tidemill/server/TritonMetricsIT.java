package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TritonMetricsIT {
    private static final String INFER = "/v2/models/levels/infer";
    private static final String LABELS = "{model=\"levels\",version=\"1\"} ";

    @TempDir Path root;

    @Test
    void shows_tritons_names_when_asked() {
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        ServerExtras extras =
                new ServerExtras(
                        Optional.of(true),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        try (RunningServer server = new RunningServer(root, extras)) {
            assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(200);
            assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(200);
            assertThat(server.post(INFER, "{}").status()).isEqualTo(400);

            assertThat(server.get("/metrics").body())
                    .contains("# TYPE nv_inference_request_success counter\n")
                    .contains("nv_inference_request_success" + LABELS + "2\n")
                    .contains("nv_inference_count" + LABELS + "2\n")
                    .contains("nv_inference_exec_count" + LABELS + "2\n")
                    .contains("nv_inference_pending_request_count" + LABELS + "0\n")
                    .contains(
                            "nv_inference_request_failure{model=\"levels\",version=\"1\",reason=\"OTHER\"} 1\n")
                    .contains(
                            "nv_inference_request_failure{model=\"levels\",version=\"1\",reason=\"REJECTED\"} 0\n")
                    .contains("nv_cache_num_hits_per_model" + LABELS + "0\n")
                    .containsPattern(
                            "nv_inference_request_duration_us\\{model=\"levels\",version=\"1\"} [1-9]")
                    .containsPattern(
                            "nv_inference_compute_infer_duration_us\\{model=\"levels\",version=\"1\"} [1-9]");
        }
    }

    @Test
    void shows_none_of_them_otherwise() {
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        try (RunningServer server = new RunningServer(root, ServerExtras.NONE)) {
            assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(200);
            assertThat(server.get("/metrics").body()).doesNotContain("nv_");
        }
    }
}
