package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.refused;
import static dev.tidemill.server.GrpcClient.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.tidemill.protos.inference.ModelMetadataRequest;
import dev.tidemill.protos.inference.ModelReadyRequest;
import dev.tidemill.protos.inference.ModelRepositoryParameter;
import dev.tidemill.protos.inference.RepositoryIndexRequest;
import dev.tidemill.protos.inference.RepositoryIndexResponse.ModelIndex;
import dev.tidemill.protos.inference.RepositoryModelLoadRequest;
import dev.tidemill.protos.inference.RepositoryModelUnloadRequest;
import dev.tidemill.protos.tensorflow.error.Code;
import dev.tidemill.protos.tensorflow.serving.ModelConfig;
import dev.tidemill.protos.tensorflow.serving.ModelConfigList;
import dev.tidemill.protos.tensorflow.serving.ModelServerConfig;
import dev.tidemill.protos.tensorflow.serving.ModelServiceGrpc;
import dev.tidemill.protos.tensorflow.serving.ReloadConfigRequest;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models come and go as gRPC clients say.
final class GrpcRepositoryIT {
    @TempDir Path root;

    @Test
    void names_the_platform_of_a_model_that_says_its_backend_only() throws IOException {
        put("levels/1/model.onnx");
        Files.writeString(root.resolve("levels/config.pbtxt"), "backend: \"onnxruntime\"");
        try (RunningServer server = new RunningServer(Folders.served(root, "none"));
                GrpcClient client = new GrpcClient(server)) {
            assertThat(
                            GRPCInferenceServiceGrpc.newBlockingStub(client.channel())
                                    .modelMetadata(
                                            ModelMetadataRequest.newBuilder()
                                                    .setName("levels")
                                                    .build())
                                    .getPlatform())
                    .isEqualTo("onnxruntime_onnx");
        }
    }

    @Test
    void loads_and_unloads_when_it_is_told() throws IOException {
        put("levels/1/model.onnx");
        try (RunningServer server = new RunningServer(Folders.served(root, "explicit"));
                GrpcClient client = new GrpcClient(server)) {
            GRPCInferenceServiceBlockingStub stub =
                    GRPCInferenceServiceGrpc.newBlockingStub(client.channel());
            RepositoryModelLoadRequest load =
                    RepositoryModelLoadRequest.newBuilder().setModelName("levels").build();

            assertThat(isReady(stub)).isFalse();
            assertThat(server.get("/v1/models/levels").status()).isEqualTo(404);
            assertThat(server.get("/v1/models/levels").error())
                    .startsWith("Could not find any versions of model levels");
            stub.repositoryModelLoad(load);
            assertThat(server.get("/v1/models/levels").status()).isEqualTo(200);
            assertThat(isReady(stub)).isTrue();
            assertThat(stub.modelInfer(row(1, 2, 3, 4).build()).getModelVersion()).isEqualTo("1");
            stub.repositoryModelUnload(
                    RepositoryModelUnloadRequest.newBuilder().setModelName("levels").build());
            assertThat(isReady(stub)).isFalse();
            assertThat(
                            stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                                    .getModelsList())
                    .extracting(ModelIndex::getName)
                    .containsExactly("levels");
            refused(
                    Status.Code.NOT_FOUND,
                    "nobody",
                    () ->
                            stub.repositoryModelLoad(
                                    load.toBuilder().setModelName("nobody").build()));
        }
    }

    @Test
    void loads_a_model_that_is_sent_along() throws IOException {
        try (RunningServer server = new RunningServer(Folders.served(root, "explicit"));
                GrpcClient client = new GrpcClient(server)) {
            GRPCInferenceServiceBlockingStub stub =
                    GRPCInferenceServiceGrpc.newBlockingStub(client.channel());
            stub.repositoryModelLoad(
                    RepositoryModelLoadRequest.newBuilder()
                            .setModelName("levels")
                            .putParameters(
                                    "config",
                                    ModelRepositoryParameter.newBuilder()
                                            .setStringParam("{\"max_batch_size\": 4}")
                                            .build())
                            .putParameters(
                                    "file:7/model.onnx",
                                    ModelRepositoryParameter.newBuilder()
                                            .setBytesParam(ByteString.copyFrom(model()))
                                            .build())
                            .build());

            assertThat(stub.modelInfer(row(1, 2, 3, 4).build()).getModelVersion()).isEqualTo("7");
        }
    }

    @Test
    void serves_the_models_of_a_new_list_and_no_others() throws IOException {
        put("levels/1/model.onnx");
        put("other/1/model.onnx");
        try (RunningServer server = new RunningServer(Folders.served(root, "none"));
                GrpcClient client = new GrpcClient(server)) {
            GRPCInferenceServiceBlockingStub stub =
                    GRPCInferenceServiceGrpc.newBlockingStub(client.channel());
            assertThat(isReady(stub)).isTrue();
            assertThat(
                            ModelServiceGrpc.newBlockingStub(client.channel())
                                    .handleReloadConfigRequest(reload("other"))
                                    .getStatus()
                                    .getErrorCode())
                    .isEqualTo(Code.OK);

            assertThat(isReady(stub)).isFalse();
            assertThat(
                            stub.modelInfer(row(1, 2, 3, 4).setModelName("other").build())
                                    .getModelVersion())
                    .isEqualTo("1");
        }
    }

    private ReloadConfigRequest reload(String model) {
        return ReloadConfigRequest.newBuilder()
                .setConfig(
                        ModelServerConfig.newBuilder()
                                .setModelConfigList(
                                        ModelConfigList.newBuilder()
                                                .addConfig(
                                                        ModelConfig.newBuilder()
                                                                .setName(model)
                                                                .setBasePath(
                                                                        root.resolve(model)
                                                                                .toString()))))
                .build();
    }

    private static boolean isReady(GRPCInferenceServiceBlockingStub stub) {
        return stub.modelReady(ModelReadyRequest.newBuilder().setName("levels").build()).getReady();
    }

    private void put(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, model());
    }

    private byte[] model() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/models/classifier.onnx")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }
}
