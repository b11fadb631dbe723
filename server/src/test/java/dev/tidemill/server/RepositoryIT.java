package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders of models behind a real port.
final class RepositoryIT {
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,0,0,0]}]}";

    @TempDir Path root;

    @Test
    void serves_every_layout_and_says_what_is_wrong_with_the_rest() throws IOException {
        put("triton/1/model.onnx", "classifier");
        Files.writeString(root.resolve("triton/config.pbtxt"), "max_batch_size: 4");
        put("plain/model.onnx", "classifier");
        put("bare.onnx", "classifier");
        put("broken/1/model.onnx", "broken");
        try (RunningServer server = new RunningServer(Folders.served(root, "none"))) {
            assertThat(server.isReady()).isTrue();
            for (String name : List.of("triton", "plain", "bare")) {
                Answer answer = server.post("/v2/models/" + name + "/infer", ROW);
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                assertThat(answer.json().get("model_version").asString()).isEqualTo("1");
            }
            assertThat(server.get("/v2/models/broken/ready").status()).isEqualTo(503);
            assertThat(server.post("/v2/models/broken/infer", ROW).error())
                    .startsWith("model broken is not ready: model file: '");
            assertThat(server.get("/v2/models/triton/versions/2/ready").status()).isEqualTo(404);
        }
    }

    @Test
    void follows_the_disk_without_losing_a_request() throws IOException {
        put("m/1/model.onnx", "classifier");
        try (RunningServer server = new RunningServer(Folders.served(root, "poll"))) {
            put("m/2/model.onnx", "classifier");
            await(server, () -> version(server).equals("2"));
            put("m/3/model.onnx", "broken");
            await(server, () -> server.get("/v2/models/m/versions/3").status() == 503);
            assertThat(version(server)).isEqualTo("2");
            put("m/4/model.onnx", "classifier");
            await(server, () -> version(server).equals("4"));
            assertThat(server.get("/v2/models/m/versions/2").status()).isEqualTo(404);
            assertThat(server.get("/v2/health/ready").status()).isEqualTo(200);
        }
    }

    @Test
    void tensorflow_s_paths_take_labels_of_versions() throws IOException {
        put("m/1/model.onnx", "classifier");
        put("m/2/model.onnx", "classifier");
        Files.writeString(root.resolve("m/config.pbtxt"), "version_policy { all {} }");
        try (RunningServer server =
                new RunningServer(labelled(Map.of("stable", "1", "canary", "2"), false))) {
            String row = "{\"instances\":[[1,0,0,0]]}";
            Answer stable = server.post("/v1/models/m/labels/stable:predict", row);
            Answer plain = server.post("/v1/models/m/versions/1:predict", row);

            assertThat(stable.status()).as(stable.body()).isEqualTo(200);
            assertThat(stable.body()).isEqualTo(plain.body());
            for (Map.Entry<String, String> label :
                    Map.of("stable", "1", "canary", "2").entrySet()) {
                Answer status = server.get("/v1/models/m/labels/" + label.getKey());
                assertThat(status.json().get("model_version_status").toString())
                        .contains("\"version\":\"" + label.getValue() + "\"")
                        .contains("AVAILABLE");
                assertThat(
                                server.get("/v1/models/m/labels/" + label.getKey() + "/metadata")
                                        .json()
                                        .get("model_spec")
                                        .get("version")
                                        .asString())
                        .isEqualTo(label.getValue());
            }
        }
    }

    @Test
    void a_new_label_may_come_before_its_version_where_that_is_allowed() throws IOException {
        put("m/1/model.onnx", "classifier");
        put("m/2/model.onnx", "broken");
        Files.writeString(root.resolve("m/config.pbtxt"), "version_policy { all {} }");
        String row = "{\"instances\":[[1,0,0,0]]}";
        try (RunningServer server = new RunningServer(labelled(Map.of("next", "2"), false))) {
            assertThat(server.post("/v1/models/m/labels/next:predict", row).error())
                    .isEqualTo("Unrecognized servable version label: next");
        }
        try (RunningServer server = new RunningServer(labelled(Map.of("next", "2"), true))) {
            assertThat(server.post("/v1/models/m/labels/next:predict", row).status())
                    .isEqualTo(503);
            put("m/2/model.onnx", "classifier");
            await(
                    server,
                    () -> server.post("/v1/models/m/labels/next:predict", row).status() == 200);
        }
    }

    @Test
    void is_not_ready_when_it_should_be_strict() throws IOException {
        put("good/1/model.onnx", "classifier");
        put("broken/1/model.onnx", "broken");
        try (RunningServer server =
                new RunningServer(
                        new RepositoryConfig(
                                List.of(root.toString()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(true),
                                Optional.empty()))) {
            assertThat(server.isReady()).isFalse();
            assertThat(server.get("/v2/health/ready").error()).startsWith("model broken: ");
            assertThat(server.post("/v2/models/good/infer", ROW).status()).isEqualTo(200);
        }
    }

    /// Also sees that every request on the way is answered.
    private static void await(RunningServer server, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(server.post("/v2/models/m/infer", ROW).status()).isEqualTo(200);
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String version(RunningServer server) {
        return server.post("/v2/models/m/infer", ROW).json().get("model_version").asString();
    }

    private RepositoryConfig labelled(Map<String, String> labels, boolean early) {
        return new RepositoryConfig(
                List.of(root.toString()),
                Optional.of("poll"),
                Optional.empty(),
                Optional.of(20L),
                Optional.empty(),
                Optional.of(Map.of("m", labels)),
                Optional.of(early));
    }

    private void put(String path, String model) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        try (InputStream in = getClass().getResourceAsStream("/models/" + model + ".onnx")) {
            Files.copy(
                    Objects.requireNonNull(in, model), file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
