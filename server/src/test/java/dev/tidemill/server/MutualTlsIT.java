package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.grpc.GrpcTls;
import dev.tidemill.http.tls.Identity;
import dev.tidemill.http.tls.MutualTls;
import dev.tidemill.http.tls.Role;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.ServerReadyRequest;
import dev.tidemill.runtimes.onnx.OnnxRuntime;
import dev.tidemill.testkit.TestAuthority;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that only gateways and the operator may call.
final class MutualTlsIT {
    private static final TestAuthority OURS = TestAuthority.create();
    private static final TestAuthority OTHERS = TestAuthority.create();

    @TempDir private static Path folder = Path.of("");

    private static ModelServer server;

    @BeforeAll
    static void start() throws Exception {
        server =
                new ModelServer(
                        new ServerConfig(
                                "test",
                                "127.0.0.1",
                                0,
                                List.of(Artifact.plain(folder, "halves", "half-plus-two")),
                                4,
                                1 << 20,
                                1 << 20,
                                0,
                                Optional.of(0),
                                Optional.of(new ServerConfig.TfsPorts(0, 0)),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(
                                        new MutualTls(
                                                OURS.identity(folder.resolve("server"), "server")
                                                        .toString(),
                                                0))),
                        new OnnxRuntime(),
                        Map.of());
        server.beginToLoad();
        server.listen();
        assertThat(server.awaitLoaded()).isTrue();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_gateway_and_the_operator_are_answered_on_every_port() throws Exception {
        for (Role role : List.of(Role.GATEWAY, Role.OPERATOR)) {
            SSLContext context = calling(OURS, role);
            for (int port : List.of(server.port(), server.tfsPort().orElseThrow())) {
                assertThat(predict("https", port, context)).contains("3.0");
            }
            for (int port : server.grpcPorts()) {
                assertThat(isReady(port, context)).isTrue();
            }
        }
    }

    @Test
    void other_roles_others_authorities_and_nobody_are_refused_over_http_and_grpc()
            throws Exception {
        SSLContext nobody =
                Identity.believing(OURS.pem().getBytes(StandardCharsets.UTF_8), Role.SERVER);
        for (SSLContext refused :
                List.of(
                        calling(OURS, Role.CONTROL),
                        calling(OURS, Role.SERVER),
                        calling(OTHERS, Role.GATEWAY),
                        nobody)) {
            assertThatThrownBy(() -> predict("https", server.port(), refused))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> isReady(server.grpcPorts().getFirst(), refused))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("UNAVAILABLE");
        }
        assertThatThrownBy(() -> predict("http", server.port(), nobody))
                .isInstanceOf(IOException.class);
    }

    @Test
    void probes_and_prometheus_come_in_plainly_and_to_nothing_else() throws Exception {
        int health = server.healthPort().orElseThrow();
        SSLContext none = SSLContext.getDefault();
        assertThat(get(health, "/health/ready", none)).contains("UP");
        assertThat(get(health, "/metrics", none))
                .contains("tidemill_identity_certificate_broken 0.0");
        assertThat(predict("http", health, none)).doesNotContain("3.0");
    }

    private static SSLContext calling(TestAuthority authority, Role as) throws IOException {
        return new Identity(
                        authority.identity(folder.resolve("as-" + as.text()), as.text()),
                        as,
                        InstantSource.system())
                .calling(Role.SERVER);
    }

    private static boolean isReady(int port, SSLContext context) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .sslContext(GrpcTls.calls(context))
                        .build();
        try {
            return GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .serverReady(ServerReadyRequest.getDefaultInstance())
                    .getReady();
        } finally {
            channel.shutdownNow();
        }
    }

    private static String predict(String scheme, int port, SSLContext context)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "%s://127.0.0.1:%d/v1/models/halves:predict"
                                                .formatted(scheme, port)))
                        .POST(BodyPublishers.ofString("{\"instances\":[2]}")),
                context);
    }

    private static String get(int port, String path, SSLContext context)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path))),
                context);
    }

    private static String send(HttpRequest.Builder request, SSLContext context)
            throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(context)
                        .build()) {
            return client.send(request.build(), BodyHandlers.ofString()).body();
        }
    }
}
