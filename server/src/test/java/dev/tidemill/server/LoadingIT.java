package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelManifest.Sample;
import dev.tidemill.server.RunningServer.Answer;
import dev.tidemill.server.repository.ModelSource;
import dev.tidemill.testkit.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One model that cannot be served, and the others beside it.
final class LoadingIT {
    @TempDir Path folder;

    private final CapturedLog log =
            CapturedLog.of("dev.tidemill.server.repository.ModelRepository");

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void a_broken_model_does_not_take_down_the_others() {
        try (RunningServer server =
                new RunningServer(
                        Artifact.plain(folder, "bad", "broken"),
                        Artifact.classifier(folder, "levels", "middle"))) {
            assertThat(server.isReady()).isFalse();
            assertThat(server.get("/v2/models/levels/ready").status()).isEqualTo(200);
            assertThat(
                            server.post(
                                            "/v2/models/levels/infer",
                                            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,0,0,0]}]}")
                                    .status())
                    .isEqualTo(200);
            assertNotReady(server, "bad", "expected: an ONNX model");
            assertThat(log.messages()).hasSize(1);
            assertThat(log.messages().getFirst()).startsWith("model bad version 3: model file: ");
        }
    }

    @Test
    void a_model_that_forgot_what_it_knew_is_not_served() {
        try (RunningServer server =
                new RunningServer(Artifact.classifier(folder, "levels", "high"))) {
            assertNotReady(
                    server,
                    "levels",
                    "self-check: 'middle' (expected: high, as when the model was made)");
        }
    }

    @Test
    void an_artifact_that_was_changed_is_not_served() throws IOException {
        ModelSource source = Artifact.classifier(folder, "levels", "middle");
        Files.writeString(Path.of(source.path(), "more"), "x");
        try (RunningServer server = new RunningServer(source)) {
            assertNotReady(server, "levels", "has digest sha256:");
        }
    }

    @Test
    void an_artifact_that_is_gone_is_not_served() {
        ModelSource source =
                new ModelSource(
                        "gone",
                        "1",
                        "sha256:" + "0".repeat(64),
                        folder.resolve("gone").toAbsolutePath().toString());
        try (RunningServer server = new RunningServer(source)) {
            assertNotReady(server, "gone", "(expected: a folder)");
        }
    }

    @Test
    void a_manifest_that_does_not_fit_its_model_is_refused_with_the_reason() {
        assertRefused(
                manifest(Optional.empty(), List.of("a", "b"), "scores"),
                "output scores: 'FP32 [-1, 3]' (expected: FP32 or FP64 [-1, 2], a column a label)");
        assertRefused(
                manifest(Optional.empty(), List.of("a"), "none"),
                "scores: 'none' (expected: one of");
        assertRefused(
                manifest(Optional.of(Artifact.FEATURES), List.of(), ""),
                "expected: one of FP32 [-1, 64], as the text features say");
        assertRefused(
                manifest(Optional.empty(), List.of(), "", new Sample("", List.of(1f, 2f), "")),
                "samples: '2 numbers'");
        assertRefused(
                new ModelManifest("gguf", "model.onnx", Optional.empty(), List.of(), "", List.of()),
                "manifest: format: 'gguf' (expected: onnx, function)");
        assertRefused(
                new ModelManifest("onnx", "../x.onnx", Optional.empty(), List.of(), "", List.of()),
                "manifest: file: '../x.onnx' (expected: a path inside the artifact)");
        assertRefused(
                new ModelManifest("onnx", "x.onnx", Optional.empty(), List.of(), "", List.of()),
                "(expected: an ONNX file)");
    }

    private int models;

    private void assertRefused(ModelManifest manifest, String reason) {
        models++;
        ModelSource source = Artifact.of(folder, "m" + models, "classifier", manifest);
        try (RunningServer server = new RunningServer(source)) {
            assertNotReady(server, source.name(), reason);
        }
    }

    private static ModelManifest manifest(
            Optional<dev.tidemill.runtimes.spi.TextFeatures> features,
            List<String> labels,
            String scores,
            Sample... samples) {
        return Artifact.manifest(features, labels, scores, samples);
    }

    private static void assertNotReady(RunningServer server, String model, String reason) {
        Answer modelReady = server.get("/v2/models/" + model + "/ready");
        assertThat(modelReady.status()).isEqualTo(503);
        assertThat(modelReady.json().get("ready").booleanValue()).isFalse();
        assertThat(modelReady.error()).contains(reason);

        Answer ready = server.get("/v2/health/ready");
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.error()).startsWith("model " + model + ": ").contains(reason);
        assertThat(server.get("/health/ready").status()).isEqualTo(503);
        assertThat(server.get("/health").json().get("status").asString()).isEqualTo("unhealthy");
        assertThat(server.get("/v2/health/live").status()).isEqualTo(200);

        Answer infer = server.post("/v2/models/" + model + "/infer", "{}");
        assertThat(infer.status()).isEqualTo(503);
        assertThat(infer.error()).startsWith("model " + model + " is not ready: ");
    }
}
