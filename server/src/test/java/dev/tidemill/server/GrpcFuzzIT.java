package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.input;
import static dev.tidemill.server.GrpcClient.request;
import static dev.tidemill.server.GrpcClient.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.InferTensorContents;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests with broken bytes get an answer in time, and it is never that the server is to blame.
/// `-Dtidemill.fuzz.grpc=1000000` for a long run.
final class GrpcFuzzIT {
    private static final int ROUNDS = Integer.getInteger("tidemill.fuzz.grpc", 21_000);
    private static final long SEED = Long.getLong("tidemill.seed", 20_261_121);
    private static final int WORKERS = 3;
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new Bytes();

    @TempDir Path folder;

    private record Case(String method, byte[] message) {}

    @Test
    void no_broken_message_is_answered_as_a_defect() throws InterruptedException {
        System.out.println("seed " + SEED + ", " + ROUNDS + " messages");
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        Set<Status.Code> seen = Collections.synchronizedSet(EnumSet.noneOf(Status.Code.class));
        try (RunningServer server =
                        new RunningServer(
                                Artifact.classifier(folder, "levels", "middle"),
                                Artifact.plain(folder, "strings", "identity-string"));
                GrpcClient client = new GrpcClient(server)) {
            List<Thread> workers = new ArrayList<>();
            SplittableRandom random = new SplittableRandom(SEED);
            for (int i = 0; i < WORKERS; i++) {
                SplittableRandom own = random.split();
                workers.add(Thread.ofVirtual().start(() -> work(client, own, wrong, seen)));
            }
            for (Thread worker : workers) {
                worker.join();
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen)
                .contains(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND);
    }

    private static void work(
            GrpcClient client, SplittableRandom random, List<String> wrong, Set<Status.Code> seen) {
        List<Case> cases = cases();
        for (int i = 0; i < ROUNDS / WORKERS && wrong.isEmpty(); i++) {
            Case picked = cases.get(random.nextInt(cases.size()));
            byte[] broken = mutate(picked.message(), random);
            Status status = send(client, picked.method(), broken);
            seen.add(status.getCode());
            if (isTheModelsOwn(status)) {
                continue;
            }
            switch (status.getCode()) {
                case UNKNOWN, INTERNAL, DEADLINE_EXCEEDED, CANCELLED, UNAVAILABLE, DATA_LOSS ->
                        wrong.add(
                                "%s %s: %s"
                                        .formatted(
                                                picked.method(),
                                                java.util.HexFormat.of().formatHex(broken),
                                                status));
                default -> {}
            }
        }
    }

    /// Infinite inputs have no scores: a sound request that the model has no answer to.
    private static boolean isTheModelsOwn(Status status) {
        return String.valueOf(status.getDescription()).contains("'NaN' in row");
    }

    private static byte[] mutate(byte[] message, SplittableRandom random) {
        byte[] broken = message.clone();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes && broken.length > 0; i++) {
            int at = random.nextInt(broken.length);
            switch (random.nextInt(5)) {
                case 0 -> broken[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> broken[at] = (byte) random.nextInt(256);
                case 2 -> broken = java.util.Arrays.copyOf(broken, at);
                case 3 -> broken[at] = (byte) (random.nextBoolean() ? 0xff : 0);
                default -> {
                    byte[] longer = new byte[broken.length + 1];
                    System.arraycopy(broken, 0, longer, 0, at);
                    longer[at] = (byte) random.nextInt(256);
                    System.arraycopy(broken, at, longer, at + 1, broken.length - at);
                    broken = longer;
                }
            }
        }
        return broken;
    }

    private static List<Case> cases() {
        String infer = "inference.GRPCInferenceService/ModelInfer";
        String serving = "tensorflow.serving.PredictionService/";
        return List.of(
                new Case(infer, row(1, 2, 3, 4).setId("a").build().toByteArray()),
                new Case(infer, typed()),
                new Case(
                        infer,
                        request("strings", input("x", "BYTES", 1, 2))
                                .addRawInputContents(
                                        ByteString.copyFrom(
                                                new byte[] {1, 0, 0, 0, 'a', 1, 0, 0, 0, 'b'}))
                                .build()
                                .toByteArray()),
                new Case(serving + "Predict", predict()),
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
                    CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
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
