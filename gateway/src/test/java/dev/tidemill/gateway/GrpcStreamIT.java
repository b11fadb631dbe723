package dev.tidemill.gateway;

import static dev.tidemill.gateway.GrpcClient.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.ModelStreamInferResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Streams through the gateway.
final class GrpcStreamIT {
    private final GrpcModel first = GrpcModel.start();
    private final GrpcModel second = GrpcModel.start();
    private final RunningGateway gateway =
            new RunningGateway(
                    ConfigLine.empty()
                            .grpc()
                            .grpcModel("a", first.port())
                            .grpcModel("b", second.port()));
    private final GrpcClient client = new GrpcClient(gateway.grpcPort());

    @AfterEach
    void stop() {
        client.close();
        gateway.close();
        first.close();
        second.close();
    }

    @Test
    void messages_are_answered_in_their_order_and_the_end_of_one_side_ends_the_other()
            throws Exception {
        Answers answers = new Answers(Integer.MAX_VALUE);
        StreamObserver<ModelInferRequest> asking = client.async().modelStreamInfer(answers);
        for (int i = 0; i < 100; i++) {
            asking.onNext(ask("a").toBuilder().setId("" + i).build());
        }
        asking.onCompleted();
        answers.whole.get(10, TimeUnit.SECONDS);
        assertThat(answers.ids()).hasSize(100).startsWith("0", "1", "2").endsWith("99");
    }

    @Test
    void a_stream_may_ask_several_models() throws Exception {
        Answers answers = new Answers(Integer.MAX_VALUE);
        StreamObserver<ModelInferRequest> asking = client.async().modelStreamInfer(answers);
        for (String model : List.of("a", "b", "a")) {
            asking.onNext(ask(model));
            assertThat(answers.next().getInferResponse().getModelName()).isEqualTo(model);
        }
        asking.onCompleted();
        answers.whole.get(10, TimeUnit.SECONDS);
        assertThat(first.requests).hasSize(2);
        assertThat(second.requests).hasSize(1);
    }

    @Test
    void what_is_wrong_with_a_message_ends_it_and_not_the_stream() throws Exception {
        Answers answers = new Answers(Integer.MAX_VALUE);
        StreamObserver<ModelInferRequest> asking = client.async().modelStreamInfer(answers);
        asking.onNext(ask("nobody"));
        ModelStreamInferResponse refused = answers.next();
        assertThat(refused.getErrorMessage()).contains("'nobody' (expected: a or b)");
        assertThat(refused.getInferResponse().getId()).isEqualTo("7");
        asking.onNext(ask("a"));
        assertThat(answers.next().getInferResponse().getModelName()).isEqualTo("a");
        asking.onCompleted();
        answers.whole.get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_slow_reader_holds_back_a_model_that_says_much() throws Exception {
        int count = 400;
        CountDownLatch blocked = new CountDownLatch(1);
        first.streamScript =
                (_, answers) -> Thread.ofVirtual().start(() -> say(count, answers, blocked));
        Answers answers = new Answers(1);
        StreamObserver<ModelInferRequest> asking = client.async().modelStreamInfer(answers);
        asking.onNext(ask("a"));
        // 400 answers of 64 KiB do not fit into the buffers on their way.
        assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
        answers.askForAll();
        for (int i = 0; i < count; i++) {
            answers.next();
        }
        asking.onCompleted();
        answers.whole.get(10, TimeUnit.SECONDS);
    }

    private static void say(
            int count, StreamObserver<ModelStreamInferResponse> answers, CountDownLatch blocked) {
        var call = (io.grpc.stub.ServerCallStreamObserver<ModelStreamInferResponse>) answers;
        ModelStreamInferResponse answer =
                ModelStreamInferResponse.newBuilder()
                        .setInferResponse(
                                ModelInferResponse.newBuilder()
                                        .addRawOutputContents(
                                                ByteString.copyFrom(new byte[64 * 1024])))
                        .build();
        for (int i = 0; i < count && !call.isCancelled(); i++) {
            while (!call.isReady() && !call.isCancelled()) {
                blocked.countDown();
                Thread.onSpinWait();
                Thread.yield();
            }
            call.onNext(answer);
        }
    }

    @Test
    void a_client_that_leaves_cancels_the_model_s_work() throws Exception {
        Answers answers = new Answers(Integer.MAX_VALUE);
        client.async().modelStreamInfer(answers).onNext(ask("a"));
        answers.next();
        answers.call.get(10, TimeUnit.SECONDS).cancel("enough", null);
        assertThat(first.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_model_that_dies_within_a_stream_ends_it_with_an_error_that_names_nobody()
            throws Exception {
        Answers answers = new Answers(Integer.MAX_VALUE);
        StreamObserver<ModelInferRequest> asking = client.async().modelStreamInfer(answers);
        asking.onNext(ask("a"));
        answers.next();
        first.close();
        assertThatThrownBy(() -> answers.whole.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE))
                .message()
                .doesNotContain("127.0.0.1");
    }

    @Test
    void a_stream_begins_with_another_replica_when_one_cannot_be_reached() throws Exception {
        GrpcModel gone = GrpcModel.start();
        int port = gone.port();
        gone.close();
        gateway.gateway.update(ConfigLine.empty().grpc().grpcModel("a", port, first.port()).json());
        for (int i = 0; i < 10; i++) {
            Answers answers = new Answers(Integer.MAX_VALUE);
            StreamObserver<ModelInferRequest> asking = client.async().modelStreamInfer(answers);
            asking.onNext(ask("a"));
            assertThat(answers.next().getInferResponse().getModelName()).isEqualTo("a");
            asking.onCompleted();
            answers.whole.get(10, TimeUnit.SECONDS);
        }
    }

    /// What comes back, asked for as it is wanted.
    private static final class Answers
            implements ClientResponseObserver<ModelInferRequest, ModelStreamInferResponse> {
        final CompletableFuture<ClientCallStreamObserver<ModelInferRequest>> call =
                new CompletableFuture<>();
        final CompletableFuture<Boolean> whole = new CompletableFuture<>();
        private final BlockingQueue<ModelStreamInferResponse> came = new LinkedBlockingQueue<>();
        private final List<String> ids = new ArrayList<>();
        private final int atOnce;

        Answers(int atOnce) {
            this.atOnce = atOnce;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ModelInferRequest> requests) {
            requests.disableAutoRequestWithInitial(atOnce);
            call.complete(requests);
        }

        void askForAll() throws Exception {
            call.get().request(Integer.MAX_VALUE - atOnce);
        }

        ModelStreamInferResponse next() throws InterruptedException {
            ModelStreamInferResponse next = came.poll(10, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }

        List<String> ids() {
            return ids;
        }

        @Override
        public void onNext(ModelStreamInferResponse answer) {
            ids.add(answer.getInferResponse().getId());
            came.add(answer);
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            whole.complete(true);
        }
    }
}
