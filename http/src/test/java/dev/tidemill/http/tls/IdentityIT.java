package dev.tidemill.http.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemill.http.Bodies;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.testkit.CapturedLog;
import dev.tidemill.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes of ours that know one another by their certificates, over real sockets.
final class IdentityIT {
    private static final TestAuthority OURS = TestAuthority.create();
    private static final TestAuthority OTHERS = TestAuthority.create();
    private static final String GATEWAY = "spiffe://tidemill/gateway";
    private static final String SERVER = "spiffe://tidemill/server";

    @TempDir private Path folder = Path.of("");
    private Identity server;
    private Identity gateway;
    private HttpEdge edge;

    @BeforeEach
    void start() throws IOException {
        server = identity("server", Role.SERVER);
        gateway = identity("gateway", Role.GATEWAY);
        edge = edge(server.accepting(Set.of(Role.GATEWAY, Role.OPERATOR)), true);
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    @Test
    void who_has_a_role_that_may_call_is_answered_by_name() throws Exception {
        assertThat(ask(gateway.calling(Role.SERVER))).isEqualTo("{\"roles\":[\"GATEWAY\"]}");
        assertThat(ask(identity("operator", Role.OPERATOR).calling(Role.SERVER)))
                .isEqualTo("{\"roles\":[\"OPERATOR\"]}");
    }

    @Test
    void who_shows_no_certificate_is_refused_and_so_is_who_speaks_plainly() throws Exception {
        SSLContext nobody =
                Identity.believing(OURS.pem().getBytes(StandardCharsets.UTF_8), Role.SERVER);
        assertThatThrownBy(() -> ask(nobody)).isInstanceOf(IOException.class);
        try (Socket plain = new Socket("127.0.0.1", edge.port("main"))) {
            plain.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(everything(plain)).doesNotContain("HTTP/1.1");
        }
    }

    private static String everything(Socket socket) {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "cut off";
        }
    }

    @Test
    void another_authoritys_certificate_another_role_another_platform_and_an_old_one_are_refused()
            throws Exception {
        Instant now = Instant.now();
        OURS.write(folder("role"), OURS.issue("spiffe://tidemill/control"));
        OURS.write(folder("domain"), OURS.issue("spiffe://elsewhere/gateway"));
        OURS.write(
                folder("old"), OURS.issue(now.minusSeconds(7200), now.minusSeconds(3600), GATEWAY));
        OTHERS.identity(folder("stranger"), "gateway");
        // Whoever it is believes our server.
        Files.writeString(folder("stranger").resolve("ca.crt"), OURS.pem());

        try (CapturedLog log = CapturedLog.of(Refusals.class.getName())) {
            for (Map.Entry<String, Role> refused :
                    Map.of(
                                    "role", Role.CONTROL,
                                    "old", Role.GATEWAY,
                                    "stranger", Role.GATEWAY)
                            .entrySet()) {
                SSLContext context =
                        new Identity(
                                        folder(refused.getKey()),
                                        refused.getValue(),
                                        InstantSource.system())
                                .calling(Role.SERVER);
                assertThatThrownBy(() -> ask(context))
                        .as(refused.getKey())
                        .isInstanceOf(IOException.class);
            }
            // It does not believe our server either, so it must not look.
            assertThatThrownBy(() -> ask(shown("domain"))).isInstanceOf(IOException.class);

            assertThat(log.messages())
                    .anySatisfy(line ->
                            assertThat(line)
                                    .startsWith("TLS: refused 'spiffe://tidemill/control'")
                                    .endsWith(
                                            "its certificate has another name (expected:"
                                                    + " spiffe://tidemill/gateway or"
                                                    + " spiffe://tidemill/operator)"))
                    .anySatisfy(line ->
                            assertThat(line)
                                    .contains("'spiffe://tidemill/gateway'")
                                    .contains("its certificate expired at "))
                    .anySatisfy(line ->
                            assertThat(line)
                                    .contains("no authority of ca.crt vouches for its certificate"))
                    .anySatisfy(line -> assertThat(line).contains("'spiffe://elsewhere/gateway'"))
                    .hasSize(4);
        }
        Metrics metrics = new Metrics();
        try (CertificateWatch watch = server.watch()) {
            server.show(metrics, watch);
            // The client tries some of them twice.
            assertThat(scraped(metrics))
                    .containsPattern("tidemill_identity_refused_total [4-8]\\.0");
        }
        metrics.close();
    }

    @Test
    void a_server_that_is_none_is_not_called() throws Exception {
        SSLContext asControl = gateway.calling(Role.CONTROL);

        assertThatThrownBy(() -> ask(asControl))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("expected: spiffe://tidemill/control");
    }

    @Test
    void who_may_come_without_a_certificate_has_no_role() throws Exception {
        try (HttpEdge open = edge(server.accepting(Set.of(Role.GATEWAY)), false)) {
            SSLContext nobody =
                    Identity.believing(OURS.pem().getBytes(StandardCharsets.UTF_8), Role.SERVER);
            assertThat(ask(open, nobody)).isEqualTo("{\"roles\":[]}");
            assertThat(ask(open, gateway.calling(Role.SERVER))).contains("GATEWAY");
        }
    }

    /// First the certificates of both sides, then the authority: believed beside the old one, then
    /// signing, then alone.
    @Test
    void certificates_and_authorities_are_exchanged_under_calls_of_which_none_fails()
            throws Exception {
        SSLContext calling = gateway.calling(Role.SERVER);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger fresh = new AtomicInteger();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        Thread onNewConnections =
                Thread.startVirtualThread(() ->
                        repeat(
                                over,
                                failures,
                                () -> {
                                    ask(calling);
                                    fresh.incrementAndGet();
                                }));
        try (CapturedLog log = CapturedLog.of(Refusals.class.getName());
                HttpClient kept = client(calling);
                SSLSocket open = (SSLSocket) calling.getSocketFactory().createSocket()) {
            open.connect(new InetSocketAddress("127.0.0.1", edge.port("main")));
            Thread onOneConnection =
                    Thread.startVirtualThread(() -> repeat(over, failures, () -> send(edge, kept)));
            line(open);
            String both = OURS.pem() + OTHERS.pem();

            exchange(fresh, OURS, OURS.pem());
            exchange(fresh, OURS, both);
            exchange(fresh, OTHERS, both);
            exchange(fresh, OTHERS, OTHERS.pem());

            over.set(true);
            onNewConnections.join();
            onOneConnection.join();
            assertThat(failures).isEmpty();
            // Nor was one tried twice.
            assertThat(log.messages()).isEmpty();
            // What was open before the first exchange is open still.
            assertThat(line(open)).isEqualTo("HTTP/1.1 200 OK");
        }
        assertThatThrownBy(() -> ask(identity("late", Role.GATEWAY).calling(Role.SERVER)))
                .isInstanceOf(IOException.class);
        assertThat(fresh.get()).isGreaterThanOrEqualTo(8);
    }

    /// Both sides one after the other, each followed by some calls.
    private void exchange(AtomicInteger calls, TestAuthority signs, String believed)
            throws Exception {
        for (Identity identity : List.of(server, gateway)) {
            Path files = folder(identity == server ? "server" : "gateway");
            signs.write(files, signs.issue(identity == server ? SERVER : GATEWAY));
            Files.writeString(files.resolve("ca.crt"), believed);
            assertThat(identity.look()).isPresent();
            int before = calls.get();
            await().pollInterval(Duration.ofMillis(1)).until(() -> calls.get() > before + 1);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void repeat(AtomicBoolean over, List<Throwable> failures, Step step) {
        while (!over.get()) {
            try {
                step.run();
            } catch (Exception e) {
                failures.add(e);
            }
        }
    }

    private static String line(SSLSocket open) throws IOException {
        open.getOutputStream()
                .write("GET /who HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] buffer = new byte[4096];
        int length = open.getInputStream().read(buffer);
        return new String(buffer, 0, length, StandardCharsets.US_ASCII)
                .lines()
                .findFirst()
                .orElse("");
    }

    private Identity identity(String name, Role role) throws IOException {
        return new Identity(OURS.identity(folder(name), role.text()), role, InstantSource.system());
    }

    /// A client of ours, but for what its certificate says.
    private SSLContext shown(String name) throws Exception {
        PemFiles files =
                PemFiles.parse(
                        Files.readAllBytes(folder(name).resolve("tls.crt")),
                        Files.readAllBytes(folder(name).resolve("tls.key")));
        Anchors any = Anchors.of(OURS.pem().getBytes(StandardCharsets.UTF_8), Optional.empty());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new KeyManager[] {files.manager()},
                new TrustManager[] {
                    new RoleTrust(() -> any, Set.of(Role.SERVER), new Refusals(System::nanoTime))
                },
                null);
        return context;
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private static HttpEdge edge(SSLContext context, boolean needed) {
        Readiness readiness = new Readiness();
        HttpEdge edge =
                HttpEdge.builder(readiness, new Metrics())
                        .listen(
                                new Listener("main", "127.0.0.1", 0, 1024),
                                routes ->
                                        routes.get(
                                                "/who",
                                                (request, response) ->
                                                        Bodies.send(
                                                                response,
                                                                new Who(Peers.roles(request)))))
                        .tlsOfOurs("main", context, needed)
                        .build();
        edge.start();
        readiness.started();
        return edge;
    }

    record Who(Set<Role> roles) {}

    private String ask(SSLContext context) throws IOException, InterruptedException {
        return ask(edge, context);
    }

    /// On a connection of its own.
    private static String ask(HttpEdge edge, SSLContext context)
            throws IOException, InterruptedException {
        try (HttpClient client = client(context)) {
            return send(edge, client);
        }
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    private static String send(HttpEdge edge, HttpClient client)
            throws IOException, InterruptedException {
        URI address = URI.create("https://127.0.0.1:%d/who".formatted(edge.port("main")));
        return requireNonNull(
                client.send(
                                HttpRequest.newBuilder(address)
                                        .timeout(Duration.ofSeconds(20))
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
    }

    private static String scraped(Metrics metrics) throws Exception {
        Readiness readiness = new Readiness();
        try (HttpEdge plain =
                        HttpEdge.builder(readiness, new Metrics())
                                .listen(new Listener("m", "127.0.0.1", 0, 0), metrics)
                                .build();
                HttpClient client = HttpClient.newHttpClient()) {
            plain.start();
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:%d/metrics"
                                                            .formatted(plain.port("m"))))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
