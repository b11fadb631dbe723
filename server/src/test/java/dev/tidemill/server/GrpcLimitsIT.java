package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.input;
import static dev.tidemill.server.GrpcClient.refused;
import static dev.tidemill.server.GrpcClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.tidemill.protos.inference.InferTensorContents;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferRequest.InferInputTensor;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.ModelStreamInferResponse;
import dev.tidemill.protos.tensorflow.DataType;
import dev.tidemill.protos.tensorflow.TensorProto;
import dev.tidemill.protos.tensorflow.TensorShapeProto;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.protos.tensorflow.serving.PredictRequest;
import dev.tidemill.protos.tensorflow.serving.PredictionServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What gRPC calls may take in memory and in time: 200 kB altogether, and a second and a half in
/// which nothing comes.
@Timeout(60)
final class GrpcLimitsIT {
    private static final int LARGE = 90_000;

    @TempDir Path root;
    private RunningServer server;
    private GrpcClient client;
    private GRPCInferenceServiceBlockingStub stub;

    @BeforeEach
    void start() {
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        Folders.put(root, "strings", "1", "identity-string", "");
        Folders.put(root, "longs", "1", "identity-int64", "");
        server =
                new RunningServer(
                        root,
                        new ServerExtras(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(1500L)));
        client = new GrpcClient(server);
        stub =
                GRPCInferenceServiceGrpc.newBlockingStub(client.channel())
                        .withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void one_text_that_stands_for_many_is_weighed_as_many() {
        TensorProto text =
                TensorProto.newBuilder()
                        .setDtype(DataType.DT_STRING)
                        .setTensorShape(
                                TensorShapeProto.newBuilder()
                                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(1000)))
                        .addStringVal(ByteString.copyFromUtf8("x".repeat(1000)))
                        .build();
        refused(
                Status.Code.OUT_OF_RANGE,
                "overloaded",
                () ->
                        PredictionServiceGrpc.newBlockingStub(client.channel())
                                .predict(
                                        PredictRequest.newBuilder()
                                                .setModelSpec(
                                                        ModelSpec.newBuilder().setName("strings"))
                                                .putInputs("x", text)
                                                .build()));
        assertNothingIsHeld();
    }

    @Test
    void many_messages_in_one_are_weighed_before_they_are_made() {
        ModelInferRequest empties =
                ModelInferRequest.newBuilder()
                        .setModelName("levels")
                        .addAllInputs(
                                Collections.nCopies(40_000, InferInputTensor.getDefaultInstance()))
                        .build();
        refused(Status.Code.OUT_OF_RANGE, "overloaded", () -> stub.modelInfer(empties));
        assertNothingIsHeld();
    }

    @Test
    void numbers_in_messages_are_weighed_before_they_become_tensors() {
        int count = 20_000;
        ModelInferRequest ones =
                request(
                                "longs",
                                input("x", "INT64", count)
                                        .setContents(
                                                InferTensorContents.newBuilder()
                                                        .addAllInt64Contents(
                                                                Collections.nCopies(count, 1L))))
                        .build();
        refused(Status.Code.RESOURCE_EXHAUSTED, "overloaded", () -> stub.modelInfer(ones));
        assertNothingIsHeld();
    }

    @Test
    void a_message_counts_while_it_comes_and_must_come_in_time() throws Exception {
        try (RawGrpc first = half();
                RawGrpc second = half();
                RawGrpc third = half()) {
            awaitHeld(180_000);
            List<RawGrpc> calls = List.of(first, second, third);
            refused(
                    Status.Code.RESOURCE_EXHAUSTED,
                    "overloaded",
                    () -> stub.modelInfer(text(50_000)));
            // Small ones go on.
            assertThat(stub.modelInfer(GrpcClient.row(1, 2, 3, 4).build()).getOutputsCount())
                    .isEqualTo(1);
            for (RawGrpc call : calls) {
                call.awaitEnd();
            }
        }
        assertNothingIsHeld();
        assertThat(stub.modelInfer(text(50_000)).getOutputsCount()).isEqualTo(1);
    }

    @Test
    void whole_messages_of_calls_that_go_on_count_as_well() throws Exception {
        List<CompletableFuture<ModelInferResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<ModelInferResponse> answer = new CompletableFuture<>();
            open(answer).onNext(text(LARGE));
            answers.add(answer);
            // Else frames of several would come mixed, and more than one could be a part too much.
            awaitHeld(Math.min(answers.size(), 2) * LARGE);
        }
        List<Status.Code> codes = new ArrayList<>();
        for (CompletableFuture<ModelInferResponse> answer : answers) {
            codes.add(
                    answer.handle((_, failure) -> Status.fromThrowable(failure).getCode())
                            .get(30, TimeUnit.SECONDS));
        }
        assertThat(codes)
                .containsExactlyInAnyOrder(
                        Status.Code.DEADLINE_EXCEEDED,
                        Status.Code.DEADLINE_EXCEEDED,
                        Status.Code.RESOURCE_EXHAUSTED);
        assertNothingIsHeld();
    }

    @Test
    void a_packed_message_counts_as_what_it_unpacks_to() throws Exception {
        try (RawGrpc _ = half();
                RawGrpc _ = half();
                RawGrpc _ = half()) {
            awaitHeld(180_000);
            refused(
                    Status.Code.RESOURCE_EXHAUSTED,
                    "overloaded",
                    () -> stub.withCompression("gzip").modelInfer(text(50_000)));
        }
        assertNothingIsHeld();
        assertThat(stub.withCompression("gzip").modelInfer(text(50_000)).getOutputsCount())
                .isEqualTo(1);
        assertNothingIsHeld();
    }

    @Test
    void a_stream_may_wait_between_its_messages() throws Exception {
        CompletableFuture<ModelStreamInferResponse> answer = new CompletableFuture<>();
        CompletableFuture<ModelStreamInferResponse> second = new CompletableFuture<>();
        StreamObserver<ModelInferRequest> stream =
                GRPCInferenceServiceGrpc.newStub(client.channel())
                        .modelStreamInfer(each(List.of(answer, second)));
        stream.onNext(text(50_000));
        answer.get(30, TimeUnit.SECONDS);
        assertNothingIsHeld();
        // As long as a stalled message would live.
        try (RawGrpc stalled = half()) {
            stalled.awaitEnd();
        }
        stream.onNext(text(50_000));
        second.get(30, TimeUnit.SECONDS);
        stream.onCompleted();
        assertNothingIsHeld();
    }

    @Test
    void calls_in_flight_are_answered_through_a_drain() throws Exception {
        Iterator<HealthCheckResponse> watch =
                HealthGrpc.newBlockingStub(client.channel())
                        .watch(HealthCheckRequest.getDefaultInstance());
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);
        CompletableFuture<ModelInferResponse> answer = new CompletableFuture<>();
        StreamObserver<ModelInferRequest> call = open(answer);
        call.onNext(GrpcClient.row(1, 2, 3, 4).build());

        Thread draining = Thread.ofVirtual().start(server::drain);
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        call.onCompleted();

        assertThat(answer.get(30, TimeUnit.SECONDS).getOutputsCount()).isEqualTo(1);
        draining.join();
    }

    /// A call with 60 of 90 kB of its message.
    private RawGrpc half() throws IOException {
        return new RawGrpc(server.grpcPort(), "inference.GRPCInferenceService/ModelInfer")
                .begin(LARGE, 60_000);
    }

    private static ModelInferRequest text(int bytes) {
        return request("strings", input("x", "BYTES", 1, 2))
                .addRawInputContents(
                        GrpcClient.ints(bytes)
                                .concat(ByteString.copyFrom(new byte[bytes]))
                                .concat(GrpcClient.ints(0)))
                .build();
    }

    /// A call of one message that its client does not end.
    private StreamObserver<ModelInferRequest> open(CompletableFuture<ModelInferResponse> answer) {
        MethodDescriptor<ModelInferRequest, ModelInferResponse> streaming =
                GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder()
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                        .build();
        return ClientCalls.asyncBidiStreamingCall(
                client.channel().newCall(streaming, io.grpc.CallOptions.DEFAULT),
                each(List.of(answer)));
    }

    private static <A> StreamObserver<A> each(List<CompletableFuture<A>> answers) {
        return new StreamObserver<>() {
            private int next;

            @Override
            public void onNext(A value) {
                answers.get(next++).complete(value);
            }

            @Override
            public void onError(Throwable failure) {
                answers.forEach(answer -> answer.completeExceptionally(failure));
            }

            @Override
            public void onCompleted() {}
        };
    }

    private void awaitHeld(long bytes) {
        while (held() < bytes) {
            Thread.onSpinWait();
        }
    }

    /// What is held is given back when the transport has ended the call, after the client knows.
    private void assertNothingIsHeld() {
        while (held() > 0) {
            Thread.onSpinWait();
        }
    }

    private double held() {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("tidemill_server_in_flight_bytes "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }
}
