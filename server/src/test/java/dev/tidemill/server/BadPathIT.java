package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.refused;
import static dev.tidemill.server.GrpcClient.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.RepositoryModelLoadRequest;
import dev.tidemill.protos.tensorflow.serving.ModelConfig;
import dev.tidemill.protos.tensorflow.serving.ModelConfigList;
import dev.tidemill.protos.tensorflow.serving.ModelServerConfig;
import dev.tidemill.protos.tensorflow.serving.ModelServiceGrpc;
import dev.tidemill.protos.tensorflow.serving.ReloadConfigRequest;
import dev.tidemill.server.fuzz.Bytes;
import dev.tidemill.server.fuzz.RawHttp;
import dev.tidemill.server.fuzz.RawHttp.Response;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Beside the repository lies a model that nobody may get, however it is asked for.
final class BadPathIT {
    @TempDir Path parent;
    private Path root;
    private RunningServer server;
    private RawHttp http;

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectories(parent.resolve("repository"));
        Folders.put(parent, "secret", "1", "classifier", "max_batch_size: 4");
        Files.writeString(parent.resolve("secret.txt"), "first\nsecond\nthird\n");
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        Files.createSymbolicLink(root.resolve("linked"), parent.resolve("secret"));
        Path inside = Files.createDirectories(root.resolve("hidden").resolve("1"));
        Files.createSymbolicLink(
                inside.resolve(".model.onnx"), parent.resolve("secret/1/model.onnx"));
        Files.writeString(
                root.resolve("hidden/config.pbtxt"), "default_model_filename: \".model.onnx\"");
        server =
                new RunningServer(
                        new RepositoryConfig(
                                List.of(root.toString()),
                                Optional.of("explicit"),
                                Optional.of(List.of("levels")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
        http = new RawHttp(server.port());
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "..%2Fsecret",
                "..%2fsecret",
                "%2e%2e/secret",
                "%2e%2e%2fsecret",
                "..%5Csecret",
                "levels/../../secret",
                "levels%2F..%2F..%2Fsecret",
                "linked",
                "hidden",
                "levels%00",
                "%00",
                ".",
                "..",
                "%252e%252e%252fsecret"
            })
    void no_name_leads_out(String name) throws IOException {
        for (String path :
                List.of(
                        "/v2/repository/models/%s/load",
                        "/v2/models/%s/infer",
                        "/v2/models/%s/versions/1/infer",
                        "/v1/models/%s:predict",
                        "/v2/models/levels/versions/1%s/infer")) {
            Response response = http.post(path.formatted(name), "", Bytes.utf8(Folders.ROW));

            // Of what was named and is not served, the reason is told.
            assertThat(response.status())
                    .as(path + response.text())
                    .matches(status -> status == 503 || (status >= 400 && status < 500));
            assertThat(JsonMapper.shared().readTree(response.body()).get("error").asString())
                    .isNotBlank();
        }
        assertThat(index()).doesNotContain("READY\",\"name\":\"secret");
        assertServes();
    }

    @Test
    void links_out_are_named_as_the_reason() throws IOException {
        assertThat(load("linked", "{}")).contains("a place inside the repository");
        assertThat(load("hidden", "{}")).contains("a place inside the repository");
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../secret/1/model.onnx",
                "/etc/passwd",
                "1/../../../secret/1/model.onnx",
                "./model.onnx",
                "a//model.onnx",
                "..",
                "..\\\\secret",
                "model.onnx\\u0000"
            })
    void no_configuration_names_a_model_file_elsewhere(String file) throws IOException {
        assertThat(
                        load(
                                "levels",
                                "{\"parameters\":{\"config\":"
                                        + text("{\"default_model_filename\":\"" + file + "\"}")
                                        + "}}"))
                .contains("default_model_filename")
                .contains("(expected: the name of a file in the version's folder)");
        assertServes();
    }

    @Test
    void a_configuration_may_name_another_file_of_the_version() throws IOException {
        Path version = root.resolve("levels/1");
        Files.createDirectories(version.resolve("deep"));
        Files.move(version.resolve("model.onnx"), version.resolve("deep/other.onnx"));
        Files.writeString(
                root.resolve("levels/config.pbtxt"),
                "max_batch_size: 4 default_model_filename: \"deep/other.onnx\"");

        assertThat(load("levels", "{}")).isEmpty();
        assertServes();
        assertThat(server.get("/v2/models/levels/config").body())
                .contains("\"default_model_filename\":\"deep/other.onnx\"");
    }

    @Test
    void other_files_of_a_configuration_lie_in_the_models_folder_too() throws IOException {
        assertThat(
                        load(
                                "levels",
                                "{\"parameters\":{\"config\":"
                                        + text(
                                                "{\"max_batch_size\":4,\"output\":[{\"name\":\"scores\",\"data_type\":\"TYPE_FP32\",\"dims\":[3],\"label_filename\":\"../../secret.txt\"}]}")
                                        + "}}"))
                .contains("label_filename: '../../secret.txt'");
        assertThat(
                        load(
                                "levels",
                                "{\"parameters\":{\"config\":"
                                        + text(
                                                "{\"max_batch_size\":4,\"model_warmup\":[{\"name\":\"w\",\"batch_size\":1,\"inputs\":{\"x\":{\"data_type\":\"TYPE_FP32\",\"dims\":[4],\"input_data_file\":\"../../../secret.txt\"}}}]}")
                                        + "}}"))
                .contains("../../../secret.txt");
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:../x", "file:/tmp/x", "file:1/../../x", "file:", "file:1//../x"})
    void no_file_that_is_sent_along_is_written_elsewhere(String key) throws IOException {
        String data = Base64.getEncoder().encodeToString(Bytes.utf8("x"));
        assertThat(
                        load(
                                "levels",
                                "{\"parameters\":{\"config\":\"{}\",\"%s\":\"%s\"}}"
                                        .formatted(key, data)))
                .contains("parameters: '" + key + "'");
        assertServes();
    }

    @Test
    void nor_over_grpc() {
        try (GrpcClient client = new GrpcClient(server)) {
            var stub = GRPCInferenceServiceGrpc.newBlockingStub(client.channel());
            for (String name : List.of("../secret", "..", "/", "levels/../../secret", "linked\0")) {
                refused(
                        Status.Code.INVALID_ARGUMENT,
                        "model: '" + name,
                        () ->
                                stub.repositoryModelLoad(
                                        RepositoryModelLoadRequest.newBuilder()
                                                .setModelName(name)
                                                .build()));
                refused(
                        Status.Code.NOT_FOUND,
                        "model",
                        () -> stub.modelInfer(row(1, 2, 3, 4).setModelName(name).build()));
            }
            var admin = ModelServiceGrpc.newBlockingStub(client.channel());
            for (String base :
                    List.of("../secret", parent.resolve("secret").toString(), "linked")) {
                ReloadConfigRequest reload =
                        ReloadConfigRequest.newBuilder()
                                .setConfig(
                                        ModelServerConfig.newBuilder()
                                                .setModelConfigList(
                                                        ModelConfigList.newBuilder()
                                                                .addConfig(
                                                                        ModelConfig.newBuilder()
                                                                                .setName("m")
                                                                                .setBasePath(
                                                                                        base))))
                                .build();
                assertThat(saysNo(admin, reload)).as(base).isTrue();
            }
        }
        assertThat(server.post("/v2/models/m/infer", Folders.ROW).status()).isNotEqualTo(200);
        assertServes();
    }

    /// As a status, or in the answer, as TensorFlow Serving has it.
    private static boolean saysNo(
            ModelServiceGrpc.ModelServiceBlockingStub admin, ReloadConfigRequest reload) {
        try {
            return admin.handleReloadConfigRequest(reload).getStatus().getErrorCodeValue() != 0;
        } catch (io.grpc.StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT;
        }
    }

    private void assertServes() {
        assertThat(server.post("/v2/models/levels/infer", Folders.ROW).status()).isEqualTo(200);
    }

    /// @return the error; empty when it was loaded
    private String load(String model, String body) throws IOException {
        Response response =
                http.post("/v2/repository/models/" + model + "/load", "", Bytes.utf8(body));
        if (response.status() == 200) {
            return "";
        }
        assertThat(response.status()).as(response.text()).isBetween(400, 499);
        return JsonMapper.shared().readTree(response.body()).get("error").asString();
    }

    private String index() throws IOException {
        return http.post("/v2/repository/index", "", Bytes.utf8("{}")).text();
    }

    private static String text(String json) {
        return JsonMapper.shared().writeValueAsString(json);
    }
}
