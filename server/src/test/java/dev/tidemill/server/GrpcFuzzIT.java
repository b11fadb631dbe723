package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.input;
import static dev.tidemill.server.GrpcClient.request;
import static dev.tidemill.server.GrpcClient.row;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.InferParameter;
import dev.tidemill.protos.inference.InferTensorContents;
import dev.tidemill.protos.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.tidemill.protos.tensorflow.DataType;
import dev.tidemill.protos.tensorflow.Example;
import dev.tidemill.protos.tensorflow.Feature;
import dev.tidemill.protos.tensorflow.Features;
import dev.tidemill.protos.tensorflow.FloatList;
import dev.tidemill.protos.tensorflow.TensorProto;
import dev.tidemill.protos.tensorflow.TensorShapeProto;
import dev.tidemill.protos.tensorflow.serving.ClassificationRequest;
import dev.tidemill.protos.tensorflow.serving.ExampleList;
import dev.tidemill.protos.tensorflow.serving.Input;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.protos.tensorflow.serving.PredictRequest;
import dev.tidemill.server.fuzz.Answer;
import dev.tidemill.server.fuzz.Fuzz;
import dev.tidemill.server.fuzz.Wire;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever bytes come as a message, the answer comes in time, and it is never that the server is
/// to blame. `dev/fuzz` for a million messages.
final class GrpcFuzzIT {
    private static final int WORKERS = 4;
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new Bytes();
    private static final List<Case> CASES = cases();

    @TempDir Path folder;

    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Case(String method, byte[] message) {
        @Override
        public String toString() {
            return method + " " + HexFormat.of().formatHex(message);
        }
    }

    @Test
    void no_broken_message_is_answered_as_a_defect() throws InterruptedException {
        try (RunningServer server =
                        new RunningServer(
                                Artifact.classifier(folder, "levels", "middle"),
                                Artifact.plain(folder, "bools", "identity-bool"),
                                Artifact.plain(folder, "bytes", "identity-uint8"),
                                Artifact.plain(folder, "strings", "identity-string"));
                GrpcClient client = new GrpcClient(server)) {
            new Fuzz<>(
                            "gRPC protobuf, both protocols",
                            GrpcFuzzIT::broken,
                            () -> sent -> answer(client, sent),
                            WORKERS,
                            new Fuzz.AtLeast(0.05, 0.5, 30))
                    .run();
        }
    }

    private static Case broken(SplittableRandom random) {
        Case picked = CASES.get(random.nextInt(CASES.size()));
        Case donor = CASES.get(random.nextInt(CASES.size()));
        return new Case(picked.method(), Wire.mutant(picked.message(), donor.message(), random));
    }

    private static Answer answer(GrpcClient client, Case sent) {
        Status status = send(client, sent.method(), sent.message());
        String why = String.valueOf(status.getDescription());
        return switch (status.getCode()) {
            case OK -> new Answer.Accepted();
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    UNAUTHENTICATED ->
                    status.getDescription() == null
                            ? new Answer.Wrong("no reason: " + status)
                            : new Answer.Refused(why, why.startsWith("message: "));
            // Messages may say that they wait for some microseconds only.
            case UNAVAILABLE ->
                    why.contains("Request timeout expired")
                            ? new Answer.Refused(why, false)
                            : new Answer.Wrong(status.toString());
            case UNKNOWN, INTERNAL, DEADLINE_EXCEEDED, CANCELLED, DATA_LOSS ->
                    new Answer.Wrong(status.toString());
        };
    }

    private static List<Case> cases() {
        String infer = "inference.GRPCInferenceService/ModelInfer";
        String serving = "tensorflow.serving.PredictionService/";
        return List.of(
                new Case(infer, row(1, 2, 3, 4).setId("a").build().toByteArray()),
                new Case(infer, typed()),
                new Case(infer, demanding()),
                new Case(
                        infer,
                        request("bools", input("x", "BOOL", 1, 2))
                                .addRawInputContents(ByteString.copyFrom(new byte[] {1, 0}))
                                .build()
                                .toByteArray()),
                new Case(
                        infer,
                        request(
                                        "bytes",
                                        input("x", "UINT8", 1, 2)
                                                .setContents(
                                                        InferTensorContents.newBuilder()
                                                                .addUintContents(255)
                                                                .addUintContents(0)))
                                .build()
                                .toByteArray()),
                new Case(
                        infer,
                        request("strings", input("x", "BYTES", 1, 2))
                                .addRawInputContents(
                                        ByteString.copyFrom(
                                                new byte[] {1, 0, 0, 0, 'a', 1, 0, 0, 0, 'b'}))
                                .build()
                                .toByteArray()),
                new Case(serving + "Predict", predict()),
                new Case(serving + "Predict", words()),
                new Case(serving + "Classify", classify()),
                new Case(
                        "tensorflow.serving.ModelService/GetModelStatus",
                        dev.tidemill.protos.tensorflow.serving.GetModelStatusRequest.newBuilder()
                                .setModelSpec(ModelSpec.newBuilder().setName("levels"))
                                .build()
                                .toByteArray()));
    }

    private static byte[] typed() {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (int i = 0; i < 4; i++) {
            contents.addFp32Contents(i);
        }
        return request("levels", input("x", "FP32", 1, 4).setContents(contents))
                .build()
                .toByteArray();
    }

    private static byte[] demanding() {
        return row(1, 2, 3, 4)
                .setId("b")
                .putParameters("priority", InferParameter.newBuilder().setInt64Param(1).build())
                .putParameters(
                        "timeout", InferParameter.newBuilder().setUint64Param(900_000).build())
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("label"))
                .addOutputs(
                        InferRequestedOutputTensor.newBuilder()
                                .setName("scores")
                                .putParameters(
                                        "classification",
                                        InferParameter.newBuilder().setInt64Param(2).build()))
                .build()
                .toByteArray();
    }

    private static byte[] predict() {
        return PredictRequest.newBuilder()
                .setModelSpec(ModelSpec.newBuilder().setName("levels"))
                .putInputs(
                        "x",
                        TensorProto.newBuilder()
                                .setDtype(DataType.DT_FLOAT)
                                .setTensorShape(
                                        TensorShapeProto.newBuilder()
                                                .addDim(
                                                        TensorShapeProto.Dim.newBuilder()
                                                                .setSize(2))
                                                .addDim(
                                                        TensorShapeProto.Dim.newBuilder()
                                                                .setSize(4)))
                                .addFloatVal(1)
                                .addFloatVal(2)
                                .build())
                .build()
                .toByteArray();
    }

    private static byte[] words() {
        return PredictRequest.newBuilder()
                .setModelSpec(ModelSpec.newBuilder().setName("strings"))
                .putInputs(
                        "x",
                        TensorProto.newBuilder()
                                .setDtype(DataType.DT_STRING)
                                .setTensorShape(
                                        TensorShapeProto.newBuilder()
                                                .addDim(
                                                        TensorShapeProto.Dim.newBuilder()
                                                                .setSize(1))
                                                .addDim(
                                                        TensorShapeProto.Dim.newBuilder()
                                                                .setSize(2)))
                                .addStringVal(ByteString.copyFromUtf8("a"))
                                .addStringVal(ByteString.copyFromUtf8("é"))
                                .build())
                .addOutputFilter("y")
                .build()
                .toByteArray();
    }

    private static byte[] classify() {
        FloatList.Builder values = FloatList.newBuilder();
        for (int i = 0; i < 4; i++) {
            values.addValue(i);
        }
        Example example =
                Example.newBuilder()
                        .setFeatures(
                                Features.newBuilder()
                                        .putFeature(
                                                "x",
                                                Feature.newBuilder().setFloatList(values).build()))
                        .build();
        return ClassificationRequest.newBuilder()
                .setModelSpec(ModelSpec.newBuilder().setName("levels"))
                .setInput(
                        Input.newBuilder()
                                .setExampleList(ExampleList.newBuilder().addExamples(example)))
                .build()
                .toByteArray();
    }

    private static Status send(GrpcClient client, String method, byte[] message) {
        MethodDescriptor<byte[], byte[]> raw =
                MethodDescriptor.newBuilder(BYTES, BYTES)
                        .setFullMethodName(method)
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .build();
        try {
            ClientCalls.blockingUnaryCall(
                    client.channel(),
                    raw,
                    CallOptions.DEFAULT.withDeadlineAfter(9, TimeUnit.SECONDS),
                    message);
            return Status.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
