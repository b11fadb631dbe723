package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.refused;
import static dev.tidemill.server.GrpcClient.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every service on the port has in common.
final class GrpcEdgeIT {
    private static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> ENCODING =
            Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new Bytes();

    @TempDir Path folder;
    private RunningServer server;
    private GrpcClient client;
    private GRPCInferenceServiceBlockingStub stub;

    @BeforeEach
    void start() {
        server = new RunningServer(Artifact.classifier(folder, "levels", "middle"));
        client = new GrpcClient(server);
        stub = GRPCInferenceServiceGrpc.newBlockingStub(client.channel());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void says_that_it_is_healthy_by_service_and_until_it_drains() throws InterruptedException {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(client.channel());
        Iterator<HealthCheckResponse> watch = health.watch(HealthCheckRequest.getDefaultInstance());

        for (String service :
                List.of("", "inference.GRPCInferenceService", "tensorflow.serving.ModelService")) {
            assertThat(
                            health.check(
                                            HealthCheckRequest.newBuilder()
                                                    .setService(service)
                                                    .build())
                                    .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
        }
        refused(
                Status.Code.NOT_FOUND,
                "service: 'other'",
                () -> health.check(HealthCheckRequest.newBuilder().setService("other").build()));
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);

        Thread draining = Thread.ofVirtual().start(server::drain);
        assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        draining.interrupt();
        draining.join();
    }

    @Test
    void describes_its_services_to_tools() throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests =
                ServerReflectionGrpc.newStub(client.channel()).serverReflectionInfo(first(answer));
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

        assertThat(answer.get(20, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains(
                        "inference.GRPCInferenceService",
                        "tensorflow.serving.PredictionService",
                        "tensorflow.serving.ModelService",
                        "grpc.health.v1.Health",
                        "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection");
        requests.onCompleted();
    }

    @Test
    void echoes_the_request_id_of_good_and_bad_answers() {
        Metadata named = new Metadata();
        named.put(REQUEST_ID, "mine-7");
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        GRPCInferenceServiceBlockingStub following =
                stub.withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(named),
                        MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

        assertThat(following.modelInfer(row(1, 2, 3, 4).build()).getOutputsCount()).isEqualTo(2);
        assertThat(headers.get().get(REQUEST_ID)).isEqualTo("mine-7");

        refused(
                Status.Code.NOT_FOUND,
                "",
                () -> following.modelInfer(row(1).setModelName("nobody").build()));
        assertThat(trailers.get().get(REQUEST_ID)).isEqualTo("mine-7");
    }

    @Test
    void packs_the_answer_as_the_request_was() {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        GRPCInferenceServiceBlockingStub following =
                stub.withInterceptors(
                        MetadataUtils.newCaptureMetadataInterceptor(
                                headers, new AtomicReference<>()));

        following.modelInfer(row(1, 2, 3, 4).build());
        assertThat(headers.get().get(ENCODING)).isIn(null, "identity");
        following.withCompression("gzip").modelInfer(row(1, 2, 3, 4).build());
        assertThat(headers.get().get(ENCODING)).isEqualTo("gzip");
    }

    @Test
    void answers_garbage_as_the_client_s_mistake_on_every_method() {
        byte[] garbage = {8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
        for (String method :
                List.of(
                        "inference.GRPCInferenceService/ModelInfer",
                        "inference.GRPCInferenceService/ModelStreamInfer",
                        "tensorflow.serving.PredictionService/Predict",
                        "grpc.health.v1.Health/Check",
                        "grpc.health.v1.Health/Watch",
                        "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                        "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")) {
            refused(Status.Code.INVALID_ARGUMENT, "message", () -> send(method, garbage));
        }
        refused(
                Status.Code.UNIMPLEMENTED,
                "",
                () -> send("inference.GRPCInferenceService/Other", garbage));
    }

    @Test
    void counts_every_call_by_method_and_status() {
        stub.modelInfer(row(1, 2, 3, 4).build());

        assertThat(server.get("/metrics").body())
                .contains(
                        "tidemill_server_grpc_seconds_count{method=\"inference.GRPCInferenceService/ModelInfer\",status=\"OK\"} 1");
    }

    private byte[] send(String method, byte[] message) {
        MethodDescriptor<byte[], byte[]> raw =
                MethodDescriptor.newBuilder(BYTES, BYTES)
                        .setFullMethodName(method)
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .build();
        return ClientCalls.blockingUnaryCall(
                client.channel(),
                raw,
                io.grpc.CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                message);
    }

    private static <A> StreamObserver<A> first(CompletableFuture<A> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(A value) {
                answer.complete(value);
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        };
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
