package dev.tidemill.gateway;

import static dev.tidemill.gateway.GrpcClient.ask;
import static dev.tidemill.gateway.GrpcClient.code;
import static dev.tidemill.gateway.GrpcClient.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.RepositoryIndexRequest;
import dev.tidemill.protos.inference.RepositoryModelLoadRequest;
import dev.tidemill.protos.inference.ServerLiveRequest;
import dev.tidemill.protos.inference.ServerMetadataRequest;
import dev.tidemill.protos.inference.ServerReadyRequest;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.protos.tensorflow.serving.PredictRequest;
import dev.tidemill.protos.tensorflow.serving.PredictionServiceGrpc;
import dev.tidemill.testkit.FakeUpstream;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Calls of one message through the gateway.
final class GrpcIT {
    private final GrpcModel model = GrpcModel.start();
    private final RunningGateway gateway =
            new RunningGateway(
                    ConfigLine.empty()
                            .grpc()
                            .maxBodyBytes(1 << 20)
                            .requestTimeout(Duration.ofSeconds(20))
                            .grpcModel("digits", model.port())
                            .model("far", "far"));
    private final GrpcClient client = new GrpcClient(gateway.grpcPort());

    @AfterEach
    void stop() {
        client.close();
        gateway.close();
        model.close();
    }

    @Test
    void a_call_goes_to_the_model_that_it_names_and_its_answer_comes_back_as_it_was() {
        ModelInferRequest request = ask("digits", 500_000).toBuilder().setModelVersion("3").build();
        ModelInferResponse answer = client.stub("said", "this").modelInfer(request);
        assertThat(answer).isEqualTo(GrpcModel.echo(request));
        assertThat(model.requests).containsExactly(request);
        assertThat(model.metadata.getFirst().get(GrpcModel.SAID)).isEqualTo("this");
        assertThat(model.metadata.getFirst().get(GrpcClient.key("x-request-id"))).isNotNull();
    }

    @Test
    void compressed_calls_are_unpacked_and_passed_on() {
        ModelInferRequest request = ask("digits", 100_000);
        assertThat(client.stub().withCompression("gzip").modelInfer(request))
                .isEqualTo(GrpcModel.echo(request));
    }

    @Test
    void tensorflow_serving_s_calls_go_by_the_name_in_their_model_spec() {
        PredictRequest request =
                PredictRequest.newBuilder()
                        .setModelSpec(ModelSpec.newBuilder().setName("digits"))
                        .addOutputFilter("y")
                        .build();
        assertThat(
                        PredictionServiceGrpc.newBlockingStub(client.channel)
                                .predict(request)
                                .getModelSpec()
                                .getName())
                .isEqualTo("digits");
        assertThat(model.predictions).containsExactly(request);
    }

    @Test
    void models_that_nobody_serves_are_not_found_and_those_without_grpc_say_so() {
        StatusRuntimeException unknown = failure(() -> client.stub().modelInfer(ask("nobody")));
        assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(unknown).hasMessageContaining("'nobody' (expected: digits or far)");
        assertThat(code(() -> client.stub().modelInfer(ask("")))).isEqualTo(Status.Code.NOT_FOUND);
        try (FakeUpstream plain = FakeUpstream.start(FakeUpstream.echo())) {
            gateway.gateway.update(
                    ConfigLine.empty()
                            .grpc()
                            .maxBodyBytes(1 << 20)
                            .model("far", "far", plain)
                            .json());
            StatusRuntimeException http = failure(() -> client.stub().modelInfer(ask("far")));
            assertThat(http.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(http).hasMessageContaining("not served over gRPC");
        }
    }

    @Test
    void what_is_no_message_is_refused_before_it_goes_anywhere() {
        MethodDescriptor<byte[], byte[]> raw =
                GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder(new Raw(), new Raw())
                        .build();
        assertThat(
                        code(() ->
                                ClientCalls.blockingUnaryCall(
                                        client.channel,
                                        raw,
                                        CallOptions.DEFAULT,
                                        new byte[] {10, 99, 1})))
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(model.requests).isEmpty();
    }

    @Test
    void a_message_over_the_limit_is_refused() {
        assertThat(code(() -> client.stub().modelInfer(ask("digits", 2 << 20))))
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(model.requests).isEmpty();
    }

    @Test
    void the_model_s_own_errors_come_with_their_trailers() {
        Metadata trailers = new Metadata();
        trailers.put(GrpcModel.SAID, "why");
        model.script =
                (_, answers) ->
                        answers.onError(
                                Status.FAILED_PRECONDITION
                                        .withDescription("not so")
                                        .asException(trailers));
        StatusRuntimeException failure = failure(() -> client.stub().modelInfer(ask("digits")));
        assertThat(failure).hasMessage("FAILED_PRECONDITION: not so");
        assertThat(failure.getTrailers().get(GrpcModel.SAID)).isEqualTo("why");
    }

    @Test
    void the_deadline_travels_and_is_kept() {
        model.script = (_, _) -> {};
        StatusRuntimeException late =
                failure(() ->
                        client.stub()
                                .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                                .modelInfer(ask("digits")));
        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(model.deadline).isNotNull();
        assertThat(model.deadline.timeRemaining(TimeUnit.MILLISECONDS)).isLessThan(300);
    }

    @Test
    void a_client_that_leaves_cancels_the_model_s_work() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        model.script = (_, _) -> asked.countDown();
        Context.CancellableContext leaving = Context.current().withCancellation();
        Thread caller =
                Thread.ofVirtual()
                        .start(() ->
                                leaving.run(
                                        () -> code(() -> client.stub().modelInfer(ask("digits")))));
        asked.await();
        leaving.cancel(null);
        assertThat(model.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        caller.join();
        await().untilAsserted(() ->
                assertThat(gateway.admin("/metrics"))
                        .containsPattern("tidemill_gateway_clients_left_total\\{.*} 1.0"));
    }

    @Test
    void a_call_waits_for_the_first_replica() throws Exception {
        CompletableFuture<ModelInferResponse> answer =
                CompletableFuture.supplyAsync(() -> client.stub().modelInfer(ask("far")));
        await().untilAsserted(() ->
                assertThat(gateway.signals().models().getLast().waiting()).isEqualTo(1));
        gateway.gateway.update(
                ConfigLine.empty()
                        .grpc()
                        .maxBodyBytes(1 << 20)
                        .grpcModel("digits", model.port())
                        .grpcModel("far", model.port())
                        .json());
        assertThat(answer.get(10, TimeUnit.SECONDS).getModelName()).isEqualTo("far");
        await().untilAsserted(() ->
                assertThat(gateway.signals().models().getLast().requests()).isEqualTo(1));
    }

    @Test
    void the_gateway_answers_for_itself_what_is_not_about_a_model() {
        var stub = client.stub();
        assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
        assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isFalse();
        assertThat(stub.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getName())
                .isEqualTo("gateway");
        assertThat(
                        stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                                .getModelsList())
                .extracting(m -> m.getName() + " " + m.getState())
                .containsExactly("digits READY", "far UNAVAILABLE");
        assertThat(
                        code(() ->
                                stub.repositoryModelLoad(
                                        RepositoryModelLoadRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.UNIMPLEMENTED);
        var health = HealthGrpc.newBlockingStub(client.channel);
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.NOT_SERVING);
        gateway.gateway.update(
                ConfigLine.empty()
                        .grpc()
                        .maxBodyBytes(1 << 20)
                        .grpcModel("digits", model.port())
                        .json());
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(
                        code(() ->
                                health.check(
                                        HealthCheckRequest.newBuilder()
                                                .setService("nobody")
                                                .build())))
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void reflection_tells_the_protocols() throws Exception {
        CompletableFuture<ServerReflectionResponse> told = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> asking =
                ServerReflectionGrpc.newStub(client.channel).serverReflectionInfo(into(told));
        asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(told.get(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains(
                        "inference.GRPCInferenceService",
                        "tensorflow.serving.PredictionService",
                        "grpc.health.v1.Health");
        asking.onCompleted();
    }

    @Test
    void calls_are_counted_by_model_and_by_status() throws Exception {
        client.stub().modelInfer(ask("digits"));
        code(() -> client.stub().modelInfer(ask("nobody")));
        await().untilAsserted(() ->
                assertThat(gateway.admin("/metrics"))
                        .contains(
                                "tidemill_gateway_grpc_seconds_count{code=\"OK\",method=\"inference.GRPCInferenceService/ModelInfer\"} 1",
                                "tidemill_gateway_grpc_seconds_count{code=\"NOT_FOUND\",method=\"inference.GRPCInferenceService/ModelInfer\"} 1",
                                "tidemill_gateway_request_seconds_count{class=\"2xx\",model=\"digits\"} 1"));
        await().untilAsserted(() -> assertThat(gateway.digits().requests()).isEqualTo(1));
        assertThat(gateway.digits().inFlight()).isZero();
    }

    private static <T> StreamObserver<T> into(CompletableFuture<T> first) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                first.complete(value);
            }

            @Override
            public void onError(Throwable failure) {
                first.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        };
    }

    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
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
