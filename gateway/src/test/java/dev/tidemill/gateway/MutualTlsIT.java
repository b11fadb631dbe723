package dev.tidemill.gateway;

import static dev.tidemill.gateway.GrpcClient.ask;
import static dev.tidemill.gateway.GrpcClient.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemill.common.TidemillException;
import dev.tidemill.grpc.GrpcTls;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.tls.Identity;
import dev.tidemill.http.tls.Peers;
import dev.tidemill.http.tls.Role;
import dev.tidemill.testkit.TestAuthority;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway among processes that know one another by their certificates.
final class MutualTlsIT {
    private static final TestAuthority OURS = TestAuthority.create();
    private static final String BODY = "{\"inputs\":[]}";

    @TempDir private Path folder = Path.of("");
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
    private final List<String> rollouts = new CopyOnWriteArrayList<>();

    record Answer(Set<Role> callers) {}

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void servers_are_called_with_its_certificate_over_http_and_grpc() throws Exception {
        GrpcModel calls =
                kept(
                        GrpcModel.start(
                                GrpcTls.listener(
                                        identity("grpc", Role.SERVER)
                                                .accepting(Set.of(Role.GATEWAY)),
                                        true)));
        RunningGateway gateway =
                gateway(ours().modelAt("digits", server(Role.SERVER), Optional.of(calls.port())));

        assertThat(gateway.post(RunningGateway.INFER, BODY).body())
                .isEqualTo("{\"callers\":[\"GATEWAY\"]}");
        try (GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            client.stub().modelInfer(ask("digits"));
        }
        assertThat(calls.requests).hasSize(1);
    }

    @Test
    void a_server_that_is_none_of_ours_gets_no_request() throws Exception {
        GrpcModel calls =
                kept(
                        GrpcModel.start(
                                GrpcTls.listener(
                                        identity("grpc", Role.CONTROL)
                                                .accepting(Set.of(Role.GATEWAY)),
                                        true)));
        RunningGateway gateway =
                gateway(ours().modelAt("digits", server(Role.CONTROL), Optional.of(calls.port())));

        assertThat(gateway.post(RunningGateway.INFER, BODY).statusCode()).isIn(502, 503);
        try (GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            assertThat(code(() -> client.stub().modelInfer(ask("digits"))))
                    .isEqualTo(Status.Code.UNAVAILABLE);
        }
        assertThat(calls.requests).isEmpty();
    }

    @Test
    void the_operator_alone_comes_to_the_admin_port_and_probes_to_another() throws Exception {
        RunningGateway gateway = gateway(ours());
        int admin = gateway.gateway.adminPort();
        int health = gateway.gateway.healthPort().orElseThrow();

        assertThat(get("https", admin, "/signals", calling(Role.OPERATOR))).contains("models");
        assertThatThrownBy(() -> get("https", admin, "/signals", calling(Role.SERVER)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> get("http", admin, "/signals", SSLContext.getDefault()))
                .isInstanceOf(IOException.class);
        assertThat(get("http", health, "/health/ready", SSLContext.getDefault())).contains("UP");
        assertThat(get("http", health, "/metrics", SSLContext.getDefault()))
                .contains("tidemill_identity_certificate_expires_seconds ");
        assertThat(get("http", health, "/signals", SSLContext.getDefault()))
                .doesNotContain("models");
    }

    @Test
    void control_is_told_of_rollouts_by_somebody_it_knows() throws Exception {
        URI control = server(Role.CONTROL);
        gateway(ours().canaryControl(control));

        await().until(() -> rollouts.contains("[GATEWAY] /api/v1/rollouts/gateway"));
    }

    @Test
    void servers_that_speak_plainly_are_refused_with_the_configuration() {
        URI plain = URI.create("http://127.0.0.1:1");
        assertThatThrownBy(
                        () -> ours().modelAt("digits", plain, Optional.empty()).config().checked())
                .isInstanceOf(TidemillException.class)
                .hasMessage(
                        "models.digits.replicas.url: 'http://127.0.0.1:1' (expected:"
                                + " https://HOST:PORT)");
    }

    @Test
    void no_gateway_starts_as_somebody_else() throws IOException {
        Path wrong = OURS.identity(folder.resolve("wrong"), "server");
        assertThatThrownBy(() -> new RunningGateway(ConfigLine.empty().mtls(wrong)).close())
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("spiffe://TRUST-DOMAIN/gateway");
    }

    private ConfigLine ours() throws IOException {
        return ConfigLine.empty()
                .grpc()
                .waitForReplica(Duration.ofMillis(50))
                .mtls(OURS.identity(folder.resolve("gateway"), "gateway"));
    }

    private RunningGateway gateway(ConfigLine line) {
        return kept(new RunningGateway(line));
    }

    private <T extends AutoCloseable> T kept(T each) {
        open.addFirst(each);
        return each;
    }

    /// Answers with who calls.
    private URI server(Role role) throws IOException {
        Readiness readiness = new Readiness();
        HttpEdge edge =
                kept(
                        HttpEdge.builder(readiness, new Metrics())
                                .listen(
                                        new Listener("main", "127.0.0.1", 0, 1024),
                                        routes ->
                                                routes.post(
                                                                RunningGateway.INFER,
                                                                (request, response) ->
                                                                        Bodies.send(
                                                                                response,
                                                                                new Answer(
                                                                                        Peers.roles(
                                                                                                request))))
                                                        .any(
                                                                "/api/*",
                                                                (request, response) -> {
                                                                    rollouts.add(
                                                                            Peers.roles(request)
                                                                                    + " "
                                                                                    + request.prologue()
                                                                                            .uriPath()
                                                                                            .path());
                                                                    response.status(404).send();
                                                                }))
                                .tlsOfOurs(
                                        "main",
                                        identity("http", role).accepting(Set.of(Role.GATEWAY)),
                                        true)
                                .build());
        edge.start();
        readiness.started();
        return URI.create("https://127.0.0.1:" + edge.port("main"));
    }

    private SSLContext calling(Role as) throws IOException {
        return identity(as.text(), as).calling(Role.GATEWAY);
    }

    private Identity identity(String name, Role role) throws IOException {
        return new Identity(
                OURS.identity(folder.resolve(name), role.text()), role, InstantSource.system());
    }

    private static String get(String scheme, int port, String path, SSLContext context)
            throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(context)
                        .build()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "%s://127.0.0.1:%d%s"
                                                            .formatted(scheme, port, path)))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
