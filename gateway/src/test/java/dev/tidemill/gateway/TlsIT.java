package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemill.common.TidemillException;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import dev.tidemill.testkit.TestCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsIT {
    @TempDir private Path folder = Path.of("");
    private final FakeUpstream upstream =
            FakeUpstream.start(LlmScripts.events("data: {\"choices\":[]}\n\n", "data: [DONE]\n\n"));
    private static final TestCertificate FIRST = TestCertificate.create("localhost");
    private static final TestCertificate SECOND = TestCertificate.create("localhost");
    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        FIRST.write(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        gateway =
                new RunningGateway(
                        Rules.line(new Rules().route(Rules.model("m", upstream)))
                                .tls(folder.resolve("tls.crt"), folder.resolve("tls.key")));
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void streams_come_over_tls_and_those_who_speak_plainly_are_not_answered() throws Exception {
        assertThat(ask(FIRST).body()).contains("[DONE]");
        assertThat(plainly()).doesNotContain("HTTP/1.1");
        assertThatThrownBy(() -> ask(SECOND)).isInstanceOf(javax.net.ssl.SSLException.class);
    }

    @Test
    void a_new_certificate_is_taken_while_it_listens_and_a_broken_one_is_not() throws Exception {
        Files.writeString(folder.resolve("tls.crt"), "no certificate");
        await().ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(gateway.admin("/metrics"))
                                .contains("tidemill_gateway_certificate_broken 1.0"));
        assertThat(ask(FIRST).statusCode()).isEqualTo(200);
        FIRST.write(folder.resolve("tls.crt"), folder.resolve("other.key"));
        SECOND.write(folder.resolve("other.crt"), folder.resolve("tls.key"));
        assertThat(ask(FIRST).statusCode()).isEqualTo(200);

        SECOND.write(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(ask(SECOND).statusCode()).isEqualTo(200));
        assertThatThrownBy(() -> ask(FIRST)).isInstanceOf(javax.net.ssl.SSLException.class);
        await().ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(gateway.admin("/metrics"))
                                .contains("tidemill_gateway_certificate_broken 0.0")
                                .contains("tidemill_gateway_certificate_expires_seconds "));
    }

    @Test
    void no_gateway_starts_with_a_broken_certificate() throws Exception {
        Files.writeString(folder.resolve("tls.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END");
        assertThatThrownBy(() ->
                        new RunningGateway(
                                        ConfigLine.empty()
                                                .tls(
                                                        folder.resolve("tls.crt"),
                                                        folder.resolve("tls.key")))
                                .close())
                .isInstanceOf(TidemillException.class)
                .hasMessage("tls.key: 'broken' (expected: an RSA, EC or Ed25519 key)");
    }

    private String plainly() {
        try {
            return gateway.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        } catch (IOException e) {
            return "cut off";
        }
    }

    /// Believes that one certificate, on a connection of its own.
    private HttpResponse<String> ask(TestCertificate believed) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(believed.trusting())
                        .build()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "https://localhost:"
                                                    + gateway.gateway.port()
                                                    + Rules.CHAT))
                            .POST(BodyPublishers.ofString("{\"model\":\"m\",\"stream\":true}"))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
