package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.input;
import static dev.tidemill.server.GrpcClient.refused;
import static dev.tidemill.server.GrpcClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.InferParameter;
import dev.tidemill.protos.inference.InferTensorContents;
import dev.tidemill.protos.inference.ModelConfigRequest;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.ModelStreamInferResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Models with any number of answers, over gRPC.
@Timeout(60)
final class GrpcDecoupledIT {
    @TempDir Path root;
    private RunningServer server;
    private GrpcClient client;
    private final Answers answers = new Answers();

    @BeforeEach
    void start() {
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        Folders.function(
                root,
                "repeat",
                "model_transaction_policy { decoupled: true } instance_group { count: 2 }",
                "function",
                "repeat");
        server =
                new RunningServer(
                        new RepositoryConfig(
                                List.of(root.toString()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
        client = new GrpcClient(server);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void every_answer_comes_and_none_is_said_to_be_the_last() throws InterruptedException {
        StreamObserver<ModelInferRequest> requests = stream();
        requests.onNext(repeat("one", 3).build());
        requests.onCompleted();

        for (int i = 0; i < 3; i++) {
            ModelInferResponse answer = answers.next().getInferResponse();
            assertThat(answer.getId()).isEqualTo("one");
            assertThat(isFinal(answer)).isFalse();
            assertThat(answer.getOutputs(1).getContents().getIntContentsList())
                    .containsExactly(i, 3);
        }
        assertThat(answers.hasEnded()).isTrue();
    }

    @Test
    void those_who_ask_are_told_of_the_end_by_an_empty_answer() throws InterruptedException {
        StreamObserver<ModelInferRequest> requests = stream();
        for (int times : List.of(0, 2)) {
            requests.onNext(
                    repeat("n" + times, times)
                            .putParameters(
                                    "triton_enable_empty_final_response",
                                    InferParameter.newBuilder().setBoolParam(true).build())
                            .build());
        }
        requests.onCompleted();

        int some = 0;
        for (int finals = 0; finals < 2; ) {
            ModelInferResponse answer = answers.next().getInferResponse();
            if (isFinal(answer)) {
                finals++;
                assertThat(answer.getOutputsCount()).isZero();
                assertThat(answer.getModelName()).isEqualTo("repeat");
            } else {
                assertThat(answer.getId()).isEqualTo("n2");
                some++;
            }
        }
        assertThat(some).isEqualTo(2);
        assertThat(answers.hasEnded()).isTrue();
    }

    @Test
    void a_request_that_takes_long_holds_no_other_s_answers_back() throws Exception {
        Path gate = root.resolve("gate");
        StreamObserver<ModelInferRequest> requests = stream();
        requests.onNext(
                repeat("slow", 2)
                        .putParameters(
                                "until",
                                InferParameter.newBuilder().setStringParam(gate.toString()).build())
                        .build());
        assertThat(answers.next().getInferResponse().getId()).isEqualTo("slow");
        requests.onNext(repeat("quick", 20).build());
        requests.onCompleted();

        for (int i = 0; i < 20; i++) {
            assertThat(answers.next().getInferResponse().getId()).isEqualTo("quick");
        }
        Files.createFile(gate);
        assertThat(answers.next().getInferResponse().getId()).isEqualTo("slow");
        assertThat(answers.hasEnded()).isTrue();
    }

    @Test
    void a_failure_names_its_request_and_leaves_the_stream() throws InterruptedException {
        StreamObserver<ModelInferRequest> requests = stream();
        requests.onNext(
                repeat("bad", 1)
                        .putParameters(
                                "fail", InferParameter.newBuilder().setBoolParam(true).build())
                        .build());
        assertThat(answers.next().getErrorMessage()).isEmpty();
        ModelStreamInferResponse failed = answers.next();
        assertThat(failed.getErrorMessage()).isEqualTo("repeat: broken");
        assertThat(failed.getInferResponse().getId()).isEqualTo("bad");
        requests.onNext(GrpcClient.row(1, 2, 3, 4).setId("plain").build());
        requests.onCompleted();

        ModelInferResponse plain = answers.next().getInferResponse();
        assertThat(plain.getId()).isEqualTo("plain");
        assertThat(isFinal(plain)).isTrue();
        assertThat(answers.hasEnded()).isTrue();
    }

    @Test
    void a_client_that_leaves_ends_the_run() throws IOException, InterruptedException {
        Path gate = root.resolve("gate");
        StreamObserver<ModelInferRequest> requests = stream();
        requests.onNext(
                repeat("long", 1_000_000)
                        .putParameters(
                                "until",
                                InferParameter.newBuilder().setStringParam(gate.toString()).build())
                        .build());
        answers.next();
        requests.onError(Status.CANCELLED.asRuntimeException());
        Files.createFile(gate);
        while (!server.get("/metrics").body().contains("tidemill_server_in_flight 0.0")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_single_call_is_refused_and_the_configuration_says_why() {
        var stub = GRPCInferenceServiceGrpc.newBlockingStub(client.channel());

        refused(
                Status.Code.INVALID_ARGUMENT,
                "model repeat: 'decoupled'",
                () -> stub.modelInfer(repeat("x", 1).build()));
        assertThat(
                        stub.modelConfig(ModelConfigRequest.newBuilder().setName("repeat").build())
                                .getConfig()
                                .getModelTransactionPolicy()
                                .getDecoupled())
                .isTrue();
    }

    private StreamObserver<ModelInferRequest> stream() {
        return GRPCInferenceServiceGrpc.newStub(client.channel()).modelStreamInfer(answers);
    }

    private static ModelInferRequest.Builder repeat(String id, long times) {
        return request(
                        "repeat",
                        input("text", "BYTES", 1)
                                .setContents(
                                        InferTensorContents.newBuilder()
                                                .addBytesContents(ByteString.copyFromUtf8("a"))))
                .setId(id)
                .putParameters("times", InferParameter.newBuilder().setInt64Param(times).build());
    }

    private static boolean isFinal(ModelInferResponse answer) {
        return answer.getParametersOrThrow("triton_final_response").getBoolParam();
    }

    private static final class Answers implements StreamObserver<ModelStreamInferResponse> {
        private final BlockingQueue<Optional<ModelStreamInferResponse>> queue =
                new LinkedBlockingQueue<>();

        ModelStreamInferResponse next() throws InterruptedException {
            Optional<ModelStreamInferResponse> next = queue.poll(20, TimeUnit.SECONDS);
            assertThat(next).isPresent();
            return next.orElseThrow();
        }

        boolean hasEnded() throws InterruptedException {
            Optional<ModelStreamInferResponse> next = queue.poll(20, TimeUnit.SECONDS);
            return next != null && next.isEmpty();
        }

        @Override
        public void onNext(ModelStreamInferResponse answer) {
            queue.add(Optional.of(answer));
        }

        @Override
        public void onError(Throwable failure) {
            queue.add(Optional.empty());
        }

        @Override
        public void onCompleted() {
            queue.add(Optional.empty());
        }
    }
}
