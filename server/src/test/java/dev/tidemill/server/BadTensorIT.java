package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.floats;
import static dev.tidemill.server.GrpcClient.input;
import static dev.tidemill.server.GrpcClient.refused;
import static dev.tidemill.server.GrpcClient.request;
import static dev.tidemill.server.GrpcClient.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.tidemill.protos.tensorflow.DataType;
import dev.tidemill.protos.tensorflow.TensorProto;
import dev.tidemill.protos.tensorflow.TensorShapeProto;
import dev.tidemill.protos.tensorflow.serving.InferenceTask;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.protos.tensorflow.serving.MultiInferenceRequest;
import dev.tidemill.protos.tensorflow.serving.PredictRequest;
import dev.tidemill.protos.tensorflow.serving.PredictionServiceGrpc;
import dev.tidemill.server.RunningServer.Answer;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests that lie about their tensors, or are made to cost much, over real sockets.
final class BadTensorIT {
    private static RunningServer server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server =
                new RunningServer(
                        Artifact.classifier(folder, "levels", "middle"),
                        Artifact.plain(folder, "add-sub", "add-sub"),
                        Artifact.plain(folder, "uneven", "uneven"),
                        Artifact.plain(folder, "plus-two", "half-plus-two"),
                        Artifact.plain(folder, "log", "log"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // two gigabytes and more, in a few bytes
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[536870912,4],\"data\":[1]}]} | more elements",
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[2147483647],\"data\":[]}]} | more elements",
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[9223372036854775807,9223372036854775807],\"data\":[]}]} | more elements",
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"parameters\":{\"binary_data_size\":2147483648}}]} | unexpected size",
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[536870912,4],\"parameters\":{\"binary_data_size\":8589934592}}]} | more elements",
                "/v2/models/log/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[0,9223372036854775807],\"data\":[]}]} | more elements",
                // less than nothing
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1,4],\"data\":[1]}]} | '-1' (expected: sizes of at least 0)",
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"parameters\":{\"binary_data_size\":-16}}]} | an integer of 0 or more",
                // no numbers
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[NaN,NaN,NaN,NaN]}]} | 'NaN' in row 0",
                "/v2/models/add-sub/infer | {\"inputs\":[{\"name\":\"a\",\"datatype\":\"INT32\",\"shape\":[1,1],\"data\":[NaN]}]} | 'a fraction'",
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[NaN,4],\"data\":[1]}]} | 'a fraction'",
                "/v1/models/levels:predict | {\"instances\":[[NaN,NaN,NaN,NaN]]} | 'NaN' in row 0",
                // twice
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,2,3,4]},{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,2,3,4]}]} | 'x' twice",
                "/v2/models/levels/infer | {\"inputs\":[],\"inputs\":[]} | Duplicate Object property",
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"name\":\"y\"}]} | Duplicate Object property",
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,2,3,4]}],\"outputs\":[{\"name\":\"scores\"},{\"name\":\"scores\"}]} | each output once",
                "/v1/models/levels:predict | {\"instances\":[{\"x\":[1,2,3,4],\"x\":[1,2,3,4]}]} | twice",
                "/v1/models/levels:predict | {\"instances\":[[1,2,3,4]],\"instances\":[[1,2,3,4]]} | only one of",
                // halves of characters
                "/v2/models/levels/infer | {\"id\":\"\\ud800\",\"inputs\":[]} | half a character",
                "/v2/models/levels/infer | {\"inputs\":[{\"name\":\"\\udc00x\"}]} | half a character",
                "/v2/models/levels/infer | {\"parameters\":{\"\\ud800\":[]}} | not JSON: Broken surrogate pair",
                "/v1/models/levels:predict | {\"instances\":[{\"\\ud800\":1}]} | Broken surrogate pair",
            })
    void is_refused(String path, String body, String error) {
        Answer answer = server.post(path, body);

        assertRefused(answer, 400, error);
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/models/levels/infer, '{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":'",
        "/v2/models/levels/infer, '{\"later\":'",
        "/v1/models/levels:predict, '{\"instances\":'",
        "/v1/models/levels:predict, '{\"later\":'",
        "/v1/models/levels:classify, '{\"examples\":'",
    })
    void nesting_has_an_end(String path, String begin) {
        assertRefused(server.post(path, begin + "[".repeat(90_000)), 400, "");
        assertRefused(server.post(path, begin + "{\"a\":".repeat(18_000)), 400, "");
    }

    @ParameterizedTest
    @CsvSource({"gzip", "deflate"})
    void bombs_are_not_unpacked(String coding) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out =
                coding.equals("gzip")
                        ? new GZIPOutputStream(packed)
                        : new DeflaterOutputStream(packed)) {
            byte[] block = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 80; i++) {
                out.write(block);
            }
        }
        assertThat(packed.size()).isLessThan(RunningServer.MAX_BODY);
        long begin = System.nanoTime();

        Answer answer =
                server.send(
                        server.request("/v2/models/levels/infer")
                                .header("Content-Encoding", coding)
                                .POST(BodyPublishers.ofByteArray(packed.toByteArray())));

        assertRefused(answer, 413, "body: 'too large'");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void tensors_in_messages_are_no_larger_than_they_are() {
        try (GrpcClient client = new GrpcClient(server)) {
            GRPCInferenceServiceBlockingStub stub =
                    GRPCInferenceServiceGrpc.newBlockingStub(client.channel());
            for (long[] shape :
                    new long[][] {
                        {536_870_912, 4},
                        {Long.MAX_VALUE, Long.MAX_VALUE},
                        {-1, 4},
                        {1, -4},
                        {0, Long.MAX_VALUE}
                    }) {
                refused(
                        Status.Code.INVALID_ARGUMENT,
                        "shape",
                        () ->
                                stub.modelInfer(
                                        request("levels", input("x", "FP32", shape))
                                                .addRawInputContents(floats(1, 2, 3, 4))
                                                .build()));
                assertThat(predicted(client, shape)).isNotEqualTo(Status.Code.OK);
            }
            ByteString lie =
                    ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f});
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "length",
                    () ->
                            stub.modelInfer(
                                    request("levels", input("x", "BYTES", 1))
                                            .addRawInputContents(lie)
                                            .build()));
        }
    }

    private static Status.Code predicted(GrpcClient client, long[] shape) {
        TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
        for (long size : shape) {
            sizes.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        try {
            PredictionServiceGrpc.newBlockingStub(client.channel())
                    .predict(
                            PredictRequest.newBuilder()
                                    .setModelSpec(ModelSpec.newBuilder().setName("levels"))
                                    .putInputs(
                                            "x",
                                            TensorProto.newBuilder()
                                                    .setDtype(DataType.DT_FLOAT)
                                                    .setTensorShape(sizes)
                                                    .addFloatVal(1)
                                                    .build())
                                    .build());
            return Status.Code.OK;
        } catch (io.grpc.StatusRuntimeException e) {
            assertThat(e.getStatus().getCode())
                    .isIn(
                            Status.Code.INVALID_ARGUMENT,
                            Status.Code.OUT_OF_RANGE,
                            Status.Code.RESOURCE_EXHAUSTED);
            return e.getStatus().getCode();
        }
    }

    @Test
    void names_in_messages_are_there_once_and_many_of_them_cost_little() {
        try (GrpcClient client = new GrpcClient(server)) {
            GRPCInferenceServiceBlockingStub stub =
                    GRPCInferenceServiceGrpc.newBlockingStub(client.channel());
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "'x' twice",
                    () ->
                            stub.modelInfer(
                                    request(
                                                    "levels",
                                                    input("x", "FP32", 1, 4),
                                                    input("x", "FP32", 1, 4))
                                            .addRawInputContents(floats(1, 2, 3, 4))
                                            .addRawInputContents(floats(1, 2, 3, 4))
                                            .build()));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "each output once",
                    () ->
                            stub.modelInfer(
                                    row(1, 2, 3, 4)
                                            .addOutputs(output("scores"))
                                            .addOutputs(output("scores"))
                                            .build()));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "Duplicate evaluation of signature",
                    () ->
                            PredictionServiceGrpc.newBlockingStub(client.channel())
                                    .multiInference(
                                            MultiInferenceRequest.newBuilder()
                                                    .addTasks(task())
                                                    .addTasks(task())
                                                    .setInput(
                                                            dev.tidemill.protos.tensorflow.serving
                                                                    .Input.newBuilder()
                                                                    .setExampleList(
                                                                            dev.tidemill.protos
                                                                                    .tensorflow
                                                                                    .serving
                                                                                    .ExampleList
                                                                                    .newBuilder()
                                                                                    .addExamples(
                                                                                            example())))
                                                    .build()));
        }
    }

    /// A message that repeats what came must still fit into what clients take.
    @Test
    void a_long_name_is_refused_with_a_message_that_arrives() {
        try (GrpcClient client = new GrpcClient(server)) {
            GRPCInferenceServiceBlockingStub stub =
                    GRPCInferenceServiceGrpc.newBlockingStub(client.channel());
            for (String name :
                    new String[] {"n".repeat(20_000), "七".repeat(8_000), "%".repeat(9_000)}) {
                ModelInferRequest unknown =
                        request("levels", input(name, "FP32", 1, 4))
                                .addRawInputContents(floats(1, 2, 3, 4))
                                .build();
                refused(
                        Status.Code.INVALID_ARGUMENT,
                        "(expected: x)",
                        () -> stub.modelInfer(unknown));
                refused(
                        Status.Code.NOT_FOUND,
                        "model",
                        () -> stub.modelInfer(row(1, 2, 3, 4).setModelName(name).build()));
            }
        }
        assertRefused(
                server.post(
                        "/v2/models/levels/infer",
                        "{\"inputs\":[{\"name\":\"%s\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}]}"
                                .formatted("🙂".repeat(10_000))),
                400,
                "(expected: x)");
    }

    private static InferenceTask task() {
        return InferenceTask.newBuilder()
                .setModelSpec(ModelSpec.newBuilder().setName("plus-two"))
                .setMethodName("tensorflow/serving/regress")
                .build();
    }

    private static dev.tidemill.protos.tensorflow.Example example() {
        return dev.tidemill.protos.tensorflow.Example.newBuilder()
                .setFeatures(
                        dev.tidemill.protos.tensorflow.Features.newBuilder()
                                .putFeature(
                                        "x",
                                        dev.tidemill.protos.tensorflow.Feature.newBuilder()
                                                .setFloatList(
                                                        dev.tidemill.protos.tensorflow.FloatList
                                                                .newBuilder()
                                                                .addValue(1))
                                                .build()))
                .build();
    }

    private static InferRequestedOutputTensor output(String name) {
        return InferRequestedOutputTensor.newBuilder().setName(name).build();
    }

    private static void assertRefused(Answer answer, int status, String message) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.error()).contains(message).isNotBlank();
        assertThat(answer.json()).hasSize(1);
    }
}
