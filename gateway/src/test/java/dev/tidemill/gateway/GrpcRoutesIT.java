package dev.tidemill.gateway;

import static dev.tidemill.gateway.GrpcClient.ask;
import static dev.tidemill.gateway.GrpcClient.code;
import static dev.tidemill.gateway.GrpcClient.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.RepositoryIndexRequest;
import dev.tidemill.protos.inference.ServerLiveRequest;
import dev.tidemill.protos.inference.ServerMetadataRequest;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.protos.tensorflow.serving.PredictRequest;
import dev.tidemill.protos.tensorflow.serving.PredictionServiceGrpc;
import dev.tidemill.testkit.TestCertificate;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys, limits, weights and retries: what calls share with HTTP requests.
final class GrpcRoutesIT {
    private static final String OTHER = "tm-bobs-own-key";

    @TempDir private Path folder = Path.of("");
    private final GrpcModel first = GrpcModel.start();
    private final GrpcModel second = GrpcModel.start();

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @Test
    void keys_are_asked_for_in_metadata_and_end_here() {
        Rules rules =
                new Rules()
                        .route(Rules.model("m").grpc(first.port(), 1, Optional.empty()))
                        .route(Rules.model("n").grpc(first.port(), 1, Optional.empty()))
                        .key("alice", "search", List.of("m"), Rules.KEY);
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules).grpc());
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            assertThat(code(() -> client.stub().modelInfer(ask("m"))))
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(code(() -> client.stub("api-key", "wrong").modelInfer(ask("m"))))
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(first.metadata).isEmpty();
            for (String[] metadata :
                    List.of(
                            new String[] {"authorization", "Bearer " + Rules.KEY},
                            new String[] {"api-key", Rules.KEY},
                            new String[] {"x-api-key", Rules.KEY})) {
                client.stub(metadata).modelInfer(ask("m"));
                assertThat(first.metadata.getLast().keys()).doesNotContain(metadata[0]);
            }
            assertThat(code(() -> client.stub("api-key", Rules.KEY).modelInfer(ask("n"))))
                    .isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(
                            client.stub("api-key", Rules.KEY)
                                    .repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                                    .getModelsList())
                    .extracting(m -> m.getName())
                    .containsExactly("m");
            assertThat(client.stub().serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                    .isTrue();
            assertThat(
                            code(() ->
                                    client.stub()
                                            .serverMetadata(
                                                    ServerMetadataRequest.getDefaultInstance())))
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void limits_count_calls_as_requests_and_say_when_to_come_again() {
        Rules rules =
                new Rules()
                        .route(Rules.model("m").grpc(first.port(), 1, Optional.empty()))
                        .key("alice", "search", List.of(), Rules.KEY)
                        .key("bob", "search", List.of(), OTHER)
                        .limit(
                                Rules.limitOf(
                                        List.of("key"),
                                        Optional.of(new GatewayRules.Rate(1, 1)),
                                        Optional.empty(),
                                        Optional.empty()));
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules).grpc());
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            client.stub("api-key", Rules.KEY).modelInfer(ask("m"));
            StatusRuntimeException refused =
                    failure(() -> client.stub("api-key", Rules.KEY).modelInfer(ask("m")));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused.getTrailers().get(GrpcClient.key("retry-after"))).matches("[56]\\d");
            assertThat(refused.getTrailers().get(GrpcClient.key("x-ratelimit-remaining-requests")))
                    .isEqualTo("0");
            client.stub("api-key", OTHER).modelInfer(ask("m"));
            assertThat(first.requests).hasSize(2);
        }
    }

    @Test
    void weights_divide_the_calls_and_each_upstream_is_asked_by_its_own_name() {
        Rules rules =
                new Rules()
                        .route(
                                Rules.model("m")
                                        .grpc(first.port(), 1, Optional.of("m-v1"))
                                        .grpc(second.port(), 3, Optional.of("m-v2")));
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules).grpc());
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            for (int i = 0; i < 400; i++) {
                client.stub().modelInfer(ask("m"));
            }
            // The generator has a fixed seed: 100 are expected, give or take four deviations.
            assertThat(first.requests.size()).isBetween(65, 135);
            assertThat(first.requests)
                    .extracting(ModelInferRequest::getModelName)
                    .containsOnly("m-v1");
            assertThat(second.requests)
                    .hasSize(400 - first.requests.size())
                    .extracting(ModelInferRequest::getModelName)
                    .containsOnly("m-v2");
            PredictionServiceGrpc.newBlockingStub(client.channel)
                    .predict(
                            PredictRequest.newBuilder()
                                    .setModelSpec(ModelSpec.newBuilder().setName("m"))
                                    .build());
            assertThat(first.predictions.size() + second.predictions.size()).isEqualTo(1);
        }
    }

    @Test
    void metadata_decides_between_routes_as_headers_do() {
        Rules rules =
                new Rules()
                        .route(
                                Rules.model("m")
                                        .named("m-beta")
                                        .header("x-beta", "yes")
                                        .grpc(second.port(), 1, Optional.empty()))
                        .route(Rules.model("m").grpc(first.port(), 1, Optional.empty()));
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules).grpc());
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            client.stub("x-beta", "yes").modelInfer(ask("m"));
            assertThat(second.requests).hasSize(1);
            client.stub("x-beta", "no").modelInfer(ask("m"));
            assertThat(first.requests).hasSize(1);
        }
    }

    @Test
    void a_replica_that_dies_fails_no_call() {
        try (RunningGateway gateway =
                        new RunningGateway(
                                ConfigLine.empty()
                                        .grpc()
                                        .grpcModel("m", first.port(), second.port()));
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            for (int i = 0; i < 20; i++) {
                client.stub().modelInfer(ask("m"));
            }
            assertThat(first.requests).isNotEmpty();
            // The call that it is answering too.
            first.script = (_, _) -> Thread.ofVirtual().start(first::close);
            for (int i = 0; i < 60; i++) {
                client.stub().modelInfer(ask("m"));
            }
        }
    }

    @Test
    void one_that_is_full_is_passed_over_once_and_then_believed() {
        first.script = (_, answers) -> answers.onError(Status.UNAVAILABLE.asException());
        try (RunningGateway gateway =
                        new RunningGateway(
                                ConfigLine.empty()
                                        .grpc()
                                        .grpcModel("m", first.port(), second.port()));
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            for (int i = 0; i < 20; i++) {
                client.stub().modelInfer(ask("m"));
            }
            assertThat(first.requests).isNotEmpty();
            second.script =
                    (_, answers) ->
                            answers.onError(
                                    Status.RESOURCE_EXHAUSTED
                                            .withDescription("full")
                                            .asException());
            assertThat(code(() -> client.stub().modelInfer(ask("m"))))
                    .isIn(Status.Code.UNAVAILABLE, Status.Code.RESOURCE_EXHAUSTED);
        }
    }

    @Test
    void fallbacks_are_asked_when_an_upstream_fails_and_nobody_learns_where_it_is() {
        GrpcModel gone = GrpcModel.start();
        int port = gone.port();
        gone.close();
        Rules rules =
                new Rules()
                        .route(Rules.model("m").grpc(port, 1, Optional.empty()).fallback("spare"))
                        .route(Rules.model("spare").grpc(second.port(), 1, Optional.of("other")))
                        .route(Rules.model("lost").grpc(port, 1, Optional.empty()));
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules).grpc());
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            assertThat(client.stub().modelInfer(ask("m")).getModelName()).isEqualTo("other");
            StatusRuntimeException lost = failure(() -> client.stub().modelInfer(ask("lost")));
            assertThat(lost.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(lost.getMessage())
                    .contains("'lost'")
                    .doesNotContain("127.0.0.1")
                    .doesNotContain(String.valueOf(port));
        }
    }

    @Test
    void messages_that_do_not_fit_beside_the_others_are_refused_and_leave_room_behind()
            throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        first.script =
                (request, answers) ->
                        Thread.ofVirtual()
                                .start(() -> {
                                    asked.countDown();
                                    try {
                                        answer.await();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                    answers.onNext(GrpcModel.echo(request));
                                    answers.onCompleted();
                                });
        try (RunningGateway gateway =
                        new RunningGateway(
                                ConfigLine.empty()
                                        .grpc()
                                        .maxBodyBytes(1 << 20)
                                        .grpcModel("m", first.port()),
                                1 << 20);
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            CompletableFuture<ModelInferResponse> held =
                    CompletableFuture.supplyAsync(
                            () -> client.stub().modelInfer(ask("m", 700_000)));
            asked.await();
            assertThat(code(() -> client.stub().modelInfer(ask("m", 700_000))))
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            answer.countDown();
            assertThat(held.get(10, TimeUnit.SECONDS).getRawOutputContents(0).size())
                    .isEqualTo(700_000);
            await().ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(client.stub().modelInfer(ask("m", 700_000)).getModelName())
                                    .isEqualTo("m"));
        }
    }

    @Test
    void calls_are_audited() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        Rules rules =
                new Rules()
                        .route(Rules.model("m").grpc(first.port(), 1, Optional.empty()))
                        .key("alice", "search", List.of("m"), Rules.KEY)
                        .answers(
                                new AnswerRules(
                                        Optional.of(
                                                new AnswerRules.Audit(
                                                        Optional.of(file.toString()),
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        1 << 20,
                                                        1,
                                                        0,
                                                        0)),
                                        List.of(),
                                        List.of()));
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules).grpc());
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            client.stub("api-key", Rules.KEY, "x-request-id", "r-9").modelInfer(ask("m"));
            code(() ->
                    client.stub("api-key", "wrong", "x-request-id", "r-10").modelInfer(ask("m")));
            await().untilAsserted(() ->
                    assertThat(Files.readString(file))
                            .contains("\"key\":\"alice\"", "\"model\":\"m\"", "\"status\":200")
                            .contains("\"requestId\":\"r-9\"", "ModelInfer")
                            .contains("\"requestId\":\"r-10\"", "\"decision\":\"denied\""));
        }
    }

    @Test
    void a_client_with_too_many_connections_is_told_and_may_come_again_when_one_has_ended() {
        Rules rules =
                new Rules()
                        .route(Rules.model("m").grpc(first.port(), 1, Optional.empty()))
                        .connectionsPerClient(1);
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules).grpc())) {
            try (GrpcClient one = new GrpcClient(gateway.grpcPort());
                    GrpcClient two = new GrpcClient(gateway.grpcPort())) {
                one.stub().modelInfer(ask("m"));
                assertThat(code(() -> two.stub().modelInfer(ask("m"))))
                        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                one.stub().modelInfer(ask("m"));
            }
            await().ignoreExceptions()
                    .untilAsserted(() -> {
                        try (GrpcClient third = new GrpcClient(gateway.grpcPort())) {
                            third.stub().modelInfer(ask("m"));
                        }
                    });
        }
    }

    @Test
    void the_listener_has_the_certificate_of_the_other() throws Exception {
        TestCertificate certificate = TestCertificate.create("localhost");
        Path crt = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        certificate.write(crt, key);
        try (RunningGateway gateway =
                new RunningGateway(
                        ConfigLine.empty().grpc().grpcModel("m", first.port()).tls(crt, key))) {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress("localhost", gateway.grpcPort())
                            .sslContext(
                                    GrpcSslContexts.forClient().trustManager(crt.toFile()).build())
                            .build();
            try {
                assertThat(
                                dev.tidemill.protos.inference.GRPCInferenceServiceGrpc
                                        .newBlockingStub(channel)
                                        .modelInfer(ask("m"))
                                        .getModelName())
                        .isEqualTo("m");
            } finally {
                channel.shutdownNow();
            }
        }
    }
}
