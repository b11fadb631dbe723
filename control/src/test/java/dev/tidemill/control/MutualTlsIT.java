package dev.tidemill.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.client.control.ControlClient;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.tls.Identity;
import dev.tidemill.http.tls.MutualTls;
import dev.tidemill.http.tls.Role;
import dev.tidemill.testkit.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Control among processes that know one another by their certificates.
final class MutualTlsIT {
    private static final TestAuthority OURS = TestAuthority.create();

    @TempDir static Path folder;

    private static ControlProcess control;
    private static URI address;

    @BeforeAll
    static void begin() throws IOException {
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Files.writeString(tokens.resolve("admin"), "of-an-admin\n");
        Files.writeString(tokens.resolve("service"), "of-a-service\n");
        UnpackedPostgres.linkInto(folder.resolve("data", "postgres"));
        control =
                new ControlProcess(
                        new ControlConfig(
                                "control",
                                "127.0.0.1",
                                0,
                                folder.resolve("data").toString(),
                                Optional.empty(),
                                Optional.of(tokens.toString()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(
                                        new MutualTls(
                                                OURS.identity(folder.resolve("own"), "control")
                                                        .toString(),
                                                0))));
        address = URI.create("https://127.0.0.1:" + control.start());
    }

    @AfterAll
    static void end() {
        control.close();
    }

    @Test
    void a_service_needs_its_token_and_its_certificate() throws IOException {
        assertThat(models("of-a-service", as(OURS, Role.SERVER))).isZero();
        assertThat(models("of-a-service", as(OURS, Role.GATEWAY))).isZero();
        assertThatThrownBy(() -> models("of-a-service", nobody()))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
                .hasMessageContaining("the certificate of a gateway, server or operator");
        assertThatThrownBy(() -> models("wrong", as(OURS, Role.SERVER)))
                .hasMessageContaining("authorization: 'unknown'");
    }

    @Test
    void people_need_a_token_alone() {
        assertThat(models("of-an-admin", nobody())).isZero();
    }

    @Test
    void whose_certificate_another_authority_signed_is_not_heard() throws IOException {
        SSLContext stranger = as(TestAuthority.create(), Role.SERVER);
        assertThatThrownBy(() -> models("of-an-admin", stranger))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_FAILED));
    }

    @Test
    void probes_and_prometheus_come_in_plainly() throws Exception {
        String health = "http://127.0.0.1:" + control.healthPort().orElseThrow();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String path : new String[] {"/health/ready", "/metrics"}) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(health + path)).build();
                assertThat(http.send(request, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(200);
            }
            HttpRequest api = HttpRequest.newBuilder(URI.create(health + "/api/v1/models")).build();
            assertThat(http.send(api, BodyHandlers.discarding()).statusCode()).isEqualTo(404);
        }
    }

    private static int models(String token, SSLContext context) {
        try (HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(context)
                        .build()) {
            return new ControlClient(http, address, () -> Optional.of(token)).models().size();
        }
    }

    private static SSLContext nobody() {
        return Identity.believing(OURS.pem().getBytes(StandardCharsets.UTF_8), Role.CONTROL);
    }

    private static SSLContext as(TestAuthority authority, Role role) throws IOException {
        return new Identity(
                        authority.identity(folder.resolve(role.text()), role.text()),
                        role,
                        InstantSource.system())
                .calling(Role.CONTROL);
    }
}
