package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.input;
import static dev.tidemill.server.GrpcClient.ints;
import static dev.tidemill.server.GrpcClient.refused;
import static dev.tidemill.server.GrpcClient.request;
import static dev.tidemill.server.GrpcClient.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.CudaSharedMemoryStatusRequest;
import dev.tidemill.protos.inference.DataType;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.tidemill.protos.inference.InferParameter;
import dev.tidemill.protos.inference.InferTensorContents;
import dev.tidemill.protos.inference.ModelConfig;
import dev.tidemill.protos.inference.ModelConfigRequest;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.ModelMetadataRequest;
import dev.tidemill.protos.inference.ModelMetadataResponse;
import dev.tidemill.protos.inference.ModelReadyRequest;
import dev.tidemill.protos.inference.ModelStatistics;
import dev.tidemill.protos.inference.ModelStatisticsRequest;
import dev.tidemill.protos.inference.ModelStreamInferResponse;
import dev.tidemill.protos.inference.RepositoryIndexRequest;
import dev.tidemill.protos.inference.ServerLiveRequest;
import dev.tidemill.protos.inference.ServerMetadataRequest;
import dev.tidemill.protos.inference.ServerReadyRequest;
import dev.tidemill.protos.inference.TraceSettingRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The protocol over a real channel, and every way of getting a request wrong.
final class GrpcOpenInferenceIT {
    private static RunningServer server;
    private static GrpcClient client;
    private static GRPCInferenceServiceBlockingStub stub;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server =
                new RunningServer(
                        Artifact.plain(folder, "add-sub", "add-sub"),
                        Artifact.classifier(folder, "levels", "middle"),
                        Artifact.text(folder, "colours"),
                        Artifact.plain(folder, "identity-string", "identity-string"),
                        Artifact.plain(folder, "identity-bool", "identity-bool"),
                        Artifact.plain(folder, "identity-int8", "identity-int8"),
                        Artifact.plain(folder, "identity-int16", "identity-int16"),
                        Artifact.plain(folder, "identity-int32", "identity-int32"),
                        Artifact.plain(folder, "identity-int64", "identity-int64"),
                        Artifact.plain(folder, "identity-uint8", "identity-uint8"),
                        Artifact.plain(folder, "identity-fp16", "identity-fp16"),
                        Artifact.plain(folder, "identity-bf16", "identity-bf16"),
                        Artifact.plain(folder, "identity-fp32", "identity-fp32"),
                        Artifact.plain(folder, "identity-fp64", "identity-fp64"));
        client = new GrpcClient(server);
        stub = GRPCInferenceServiceGrpc.newBlockingStub(client.channel());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @Nested
    final class Describes {
        @Test
        void the_server() {
            assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
            assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                    .isTrue();
            assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getName())
                    .isEqualTo("tidemill");
        }

        @ParameterizedTest
        @CsvSource({"levels,'',true", "levels,3,true", "levels,4,false", "nobody,'',false"})
        void whether_a_model_is_ready(String model, String version, boolean ready) {
            assertThat(
                            stub.modelReady(
                                            ModelReadyRequest.newBuilder()
                                                    .setName(model)
                                                    .setVersion(version)
                                                    .build())
                                    .getReady())
                    .isEqualTo(ready);
        }

        @Test
        void a_model() {
            ModelMetadataResponse model =
                    stub.modelMetadata(ModelMetadataRequest.newBuilder().setName("levels").build());

            assertThat(model.getName()).isEqualTo("levels");
            assertThat(model.getVersionsList()).containsExactly("3");
            assertThat(model.getPlatform()).isEqualTo("onnxruntime_onnx");
            assertThat(model.getInputs(0).getName()).isEqualTo("x");
            assertThat(model.getInputs(0).getDatatype()).isEqualTo("FP32");
            assertThat(model.getInputs(0).getShapeList()).containsExactly(-1L, 4L);
            assertThat(model.getOutputs(1).getDatatype()).isEqualTo("BYTES");
        }

        @Test
        void how_a_model_is_configured() {
            ModelConfig config =
                    stub.modelConfig(ModelConfigRequest.newBuilder().setName("levels").build())
                            .getConfig();

            assertThat(config.getName()).isEqualTo("levels");
            assertThat(config.getInput(0).getDataType()).isEqualTo(DataType.TYPE_FP32);
            assertThat(config.getOutput(1).getDataType()).isEqualTo(DataType.TYPE_STRING);
            assertThat(config.getVersionPolicy().getLatest().getNumVersions()).isEqualTo(1);
        }

        @Test
        void what_a_model_has_done() {
            stub.modelInfer(row(1, 2, 3, 4).build());
            ModelStatistics done =
                    stub.modelStatistics(
                                    ModelStatisticsRequest.newBuilder().setName("levels").build())
                            .getModelStats(0);

            assertThat(done.getVersion()).isEqualTo("3");
            assertThat(done.getInferenceStats().getSuccess().getCount()).isPositive();
            assertThat(done.getInferenceStats().getComputeInfer().getNs()).isPositive();
            assertThat(done.getExecutionCount()).isPositive();
            assertThat(
                            stub.modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                                    .getModelStatsCount())
                    .isEqualTo(14);
        }

        @Test
        void the_repository() {
            assertThat(
                            stub.repositoryIndex(
                                            RepositoryIndexRequest.newBuilder()
                                                    .setReady(true)
                                                    .build())
                                    .getModelsList())
                    .hasSize(14)
                    .allMatch(model -> model.getState().equals("READY"));
        }
    }

    @Nested
    final class Infers {
        @Test
        void raw_in_raw_out() {
            ModelInferResponse answer =
                    stub.modelInfer(
                            request(
                                            "add-sub",
                                            input("a", "INT32", 1, 16),
                                            input("b", "INT32", 1, 16))
                                    .addRawInputContents(ints(new int[16]))
                                    .addRawInputContents(
                                            ints(
                                                    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                                                    15, 16))
                                    .setId("seven")
                                    .build());

            assertThat(answer.getId()).isEqualTo("seven");
            assertThat(answer.getModelName()).isEqualTo("add-sub");
            assertThat(answer.getModelVersion()).isEqualTo("3");
            assertThat(answer.getOutputs(0).getName()).isEqualTo("sum");
            assertThat(answer.getOutputs(0).getShapeList()).containsExactly(1L, 16L);
            assertThat(answer.getOutputs(0).hasContents()).isFalse();
            assertThat(answer.getRawOutputContents(0))
                    .isEqualTo(ints(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
        }

        @Test
        void typed_in_typed_out() {
            List<Integer> ones = Collections.nCopies(16, 1);
            ModelInferResponse answer =
                    stub.modelInfer(
                            request(
                                            "add-sub",
                                            input("a", "INT32", 1, 16).setContents(ints(ones)),
                                            input("b", "INT32", 1, 16).setContents(ints(ones)))
                                    .build());

            assertThat(answer.getRawOutputContentsCount()).isZero();
            assertThat(answer.getOutputs(0).getContents().getIntContentsList())
                    .isEqualTo(Collections.nCopies(16, 2));
        }

        private static InferTensorContents ints(List<Integer> values) {
            return InferTensorContents.newBuilder().addAllIntContents(values).build();
        }

        private static com.google.protobuf.ByteString ints(int... values) {
            return GrpcClient.ints(values);
        }

        @ParameterizedTest
        @CsvSource({
            "BOOL,1,identity-bool",
            "INT8,1,identity-int8",
            "INT16,2,identity-int16",
            "INT32,4,identity-int32",
            "INT64,8,identity-int64",
            "UINT8,1,identity-uint8",
            "FP16,2,identity-fp16",
            "BF16,2,identity-bf16",
            "FP32,4,identity-fp32",
            "FP64,8,identity-fp64"
        })
        void every_datatype_bit_by_bit(String type, int width, String model) {
            byte[] bytes = new byte[2 * width];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (type.equals("BOOL") ? i % 2 : 17 + i);
            }
            ModelInferResponse answer =
                    stub.modelInfer(
                            request(model, input("x", type, 1, 2))
                                    .addRawInputContents(ByteString.copyFrom(bytes))
                                    .build());

            assertThat(answer.getOutputs(0).getDatatype()).isEqualTo(type);
            assertThat(answer.getRawOutputContents(0).toByteArray()).isEqualTo(bytes);
        }

        @Test
        void byte_strings_both_ways() {
            ByteString raw =
                    ByteString.copyFrom(new byte[] {1, 0, 0, 0, 'a', 2, 0, 0, 0, 'b', 'c'});
            ModelInferResponse answer =
                    stub.modelInfer(
                            request("identity-string", input("x", "BYTES", 1, 2))
                                    .addRawInputContents(raw)
                                    .build());
            ModelInferResponse typed =
                    stub.modelInfer(
                            request(
                                            "identity-string",
                                            input("x", "BYTES", 1, 2)
                                                    .setContents(
                                                            InferTensorContents.newBuilder()
                                                                    .addBytesContents(
                                                                            ByteString.copyFromUtf8(
                                                                                    "a"))
                                                                    .addBytesContents(
                                                                            ByteString.EMPTY)))
                                    .build());

            assertThat(answer.getRawOutputContents(0)).isEqualTo(raw);
            assertThat(typed.getOutputs(0).getContents().getBytesContentsList())
                    .containsExactly(ByteString.copyFromUtf8("a"), ByteString.EMPTY);
        }

        @Test
        void only_the_outputs_asked_for_in_their_order() {
            ModelInferResponse answer =
                    stub.modelInfer(
                            row(0, 0, 9, 0)
                                    .addOutputs(output("label"))
                                    .addOutputs(output("scores"))
                                    .build());

            assertThat(answer.getOutputsList())
                    .extracting(ModelInferResponse.InferOutputTensor::getName)
                    .containsExactly("label", "scores");
            assertThat(answer.getRawOutputContents(0).substring(4).toStringUtf8())
                    .isEqualTo("high");
        }

        @Test
        void the_largest_elements_with_their_labels() {
            InferRequestedOutputTensor two =
                    output("scores").toBuilder()
                            .putParameters(
                                    "classification",
                                    InferParameter.newBuilder().setInt64Param(2).build())
                            .build();
            ModelInferResponse answer = stub.modelInfer(row(0, 0, 9, 0).addOutputs(two).build());

            assertThat(answer.getOutputs(0).getDatatype()).isEqualTo("BYTES");
            assertThat(answer.getRawOutputContents(0).toStringUtf8()).contains(":2:high");
        }

        @Test
        void packed_requests_and_packs_the_answer() {
            for (String encoding : List.of("gzip")) {
                assertThat(
                                stub.withCompression(encoding)
                                        .modelInfer(row(0, 0, 9, 0).build())
                                        .getOutputsCount())
                        .isEqualTo(2);
            }
        }

        @Test
        void with_the_request_s_priority_and_timeout() {
            InferParameter one = InferParameter.newBuilder().setInt64Param(1_000_000).build();
            assertThat(
                            stub.modelInfer(
                                            row(0, 0, 9, 0)
                                                    .putParameters("timeout", one)
                                                    .putParameters("custom", one)
                                                    .build())
                                    .getOutputsCount())
                    .isEqualTo(2);
        }
    }

    @Nested
    final class Refuses {
        @Test
        void an_unknown_model() {
            refused(
                    Status.Code.NOT_FOUND,
                    "model: 'nobody'",
                    () -> stub.modelInfer(request("nobody", input("x", "FP32", 1)).build()));
            refused(
                    Status.Code.NOT_FOUND,
                    "version: '9'",
                    () -> stub.modelInfer(row(1, 2, 3, 4).setModelVersion("9").build()));
            refused(
                    Status.Code.NOT_FOUND,
                    "model: 'nobody'",
                    () ->
                            stub.modelMetadata(
                                    ModelMetadataRequest.newBuilder().setName("nobody").build()));
        }

        @Test
        void raw_and_typed_together() {
            invalid(
                    "nothing beside raw_input_contents",
                    request(
                                    "levels",
                                    input("x", "FP32", 1, 4)
                                            .setContents(
                                                    InferTensorContents.newBuilder()
                                                            .addFp32Contents(1)))
                            .addRawInputContents(GrpcClient.floats(1, 2, 3, 4)));
        }

        @Test
        void tensors_that_are_not_what_their_shape_says() {
            invalid(
                    "as the shape [1, 4] says",
                    request("levels", input("x", "FP32", 1, 4))
                            .addRawInputContents(GrpcClient.floats(1, 2, 3)));
            invalid(
                    "as the shape [1, 4] says",
                    request(
                            "levels",
                            input("x", "FP32", 1, 4)
                                    .setContents(
                                            InferTensorContents.newBuilder().addFp32Contents(1))));
            invalid("sizes of at least 0", row(1).setInputs(0, input("x", "FP32", -1, 4)));
            invalid(
                    "sizes of at least 0",
                    row(1).setInputs(0, input("x", "FP32", 1L << 40, 1L << 40)));
            invalid("one for each input", row(1, 2, 3, 4).addRawInputContents(ByteString.EMPTY));
            invalid(
                    "byte strings, each after its length",
                    request("identity-string", input("x", "BYTES", 1, 2))
                            .addRawInputContents(
                                    ByteString.copyFrom(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0})));
        }

        @Test
        void types_and_names_that_the_model_does_not_have() {
            invalid("datatype: 'FP99'", row(1, 2, 3, 4).setInputs(0, input("x", "FP99", 1, 4)));
            invalid("datatype: 'INT32'", row(1, 2, 3, 4).setInputs(0, input("x", "INT32", 1, 4)));
            invalid("inputs: 'z'", row(1, 2, 3, 4).setInputs(0, input("z", "FP32", 1, 4)));
            invalid("outputs: 'z'", row(1, 2, 3, 4).addOutputs(output("z")));
            invalid(
                    "each output once",
                    row(1, 2, 3, 4).addOutputs(output("label")).addOutputs(output("label")));
            invalid("at least one input", request("levels"));
        }

        @Test
        void small_integers_out_of_range() {
            invalid(
                    "an integer in the range of INT8",
                    request(
                            "identity-int8",
                            input("x", "INT8", 1, 2)
                                    .setContents(
                                            InferTensorContents.newBuilder()
                                                    .addIntContents(1)
                                                    .addIntContents(128))));
        }

        @Test
        void what_is_not_offered_with_a_sentence() {
            refused(
                    Status.Code.UNIMPLEMENTED,
                    "no memory is shared",
                    () ->
                            stub.cudaSharedMemoryStatus(
                                    CudaSharedMemoryStatusRequest.getDefaultInstance()));
            refused(
                    Status.Code.UNIMPLEMENTED,
                    "TraceSetting: 'not offered'",
                    () -> stub.traceSetting(TraceSettingRequest.getDefaultInstance()));
        }

        @Test
        void a_message_over_the_limit() {
            refused(
                    Status.Code.RESOURCE_EXHAUSTED,
                    "",
                    () ->
                            stub.modelInfer(
                                    request("levels", input("x", "FP32", 100_000, 4))
                                            .addRawInputContents(
                                                    ByteString.copyFrom(new byte[1_600_000]))
                                            .build()));
        }

        @Test
        void a_packed_message_that_is_over_the_limit_unpacked() {
            refused(
                    Status.Code.RESOURCE_EXHAUSTED,
                    "",
                    () ->
                            stub.withCompression("gzip")
                                    .modelInfer(
                                            request("levels", input("x", "FP32", 100_000, 4))
                                                    .addRawInputContents(
                                                            ByteString.copyFrom(
                                                                    new byte[1_600_000]))
                                                    .build()));
        }

        private static void invalid(String text, ModelInferRequest.Builder request) {
            refused(Status.Code.INVALID_ARGUMENT, text, () -> stub.modelInfer(request.build()));
        }
    }

    @Test
    void a_stream_answers_in_order_and_survives_what_it_refuses() throws InterruptedException {
        List<ModelStreamInferResponse> answers = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch ended = new CountDownLatch(1);
        StreamObserver<ModelInferRequest> requests =
                GRPCInferenceServiceGrpc.newStub(client.channel())
                        .modelStreamInfer(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ModelStreamInferResponse answer) {
                                        answers.add(answer);
                                    }

                                    @Override
                                    public void onError(Throwable failure) {
                                        ended.countDown();
                                    }

                                    @Override
                                    public void onCompleted() {
                                        ended.countDown();
                                    }
                                });
        for (int i = 0; i < 100; i++) {
            ModelInferRequest.Builder request =
                    i % 10 == 3 ? request("nobody", input("x", "FP32", 1)) : row(0, 0, i, 0);
            requests.onNext(request.setId("id-" + i).build());
        }
        requests.onCompleted();

        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(answers).hasSize(100);
        for (int i = 0; i < 100; i++) {
            ModelStreamInferResponse answer = answers.get(i);
            assertThat(answer.getInferResponse().getId()).isEqualTo("id-" + i);
            // At most four are admitted at a time; the others are shed, each on its own.
            if (i % 10 == 3) {
                assertThat(answer.getErrorMessage()).contains("model: 'nobody'");
            } else if (!answer.getErrorMessage().isEmpty()) {
                assertThat(answer.getErrorMessage()).startsWith("overloaded");
            } else {
                assertThat(answer.getInferResponse().getRawOutputContentsCount()).isEqualTo(2);
            }
        }
    }

    @Test
    void a_deadline_that_has_passed_is_the_client_s() {
        try {
            stub.withDeadlineAfter(-1, TimeUnit.SECONDS).modelInfer(row(1, 2, 3, 4).build());
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
    }

    private static InferRequestedOutputTensor output(String name) {
        return InferRequestedOutputTensor.newBuilder().setName(name).build();
    }
}
