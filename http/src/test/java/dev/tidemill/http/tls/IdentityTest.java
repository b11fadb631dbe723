package dev.tidemill.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.testkit.CapturedLog;
import dev.tidemill.testkit.TestAuthority;
import dev.tidemill.testkit.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an identity makes of its files.
final class IdentityTest {
    private static final TestAuthority OURS = TestAuthority.create();
    private static final String SERVER = "spiffe://tidemill/server";

    @TempDir private Path folder = Path.of("");
    private Instant now = Instant.now();
    private final InstantSource clock = () -> now;

    @Test
    void a_file_that_is_half_written_changes_nothing_and_is_told_once() throws IOException {
        Identity identity = identity();
        Instant expires = identity.expires();
        Path file = folder.resolve("tls.crt");
        byte[] next = written(OURS.issue(SERVER));
        try (CertificateWatch watch = identity.watch();
                CapturedLog log = CapturedLog.of(CertificateWatch.class.getName())) {
            for (int bytes : new int[] {0, 1, 40, next.length / 2, next.length - 30}) {
                Files.write(file, Arrays.copyOf(next, bytes));
                assertThatThrownBy(identity::look)
                        .as("%d of %d bytes", bytes, next.length)
                        .isInstanceOf(TidemillException.class)
                        .hasMessageStartingWith("tls.certificate: 'broken'");
            }
            watch.look();
            assertThat(watch.isBroken()).isFalse();
            watch.look();
            watch.look();

            assertThat(watch.isBroken()).isTrue();
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .endsWith(
                            "is not taken, the one before stays: tls.certificate: 'broken'"
                                    + " (expected: a certificate as PEM)");
            assertThat(identity.expires()).isEqualTo(expires);

            OURS.write(folder, OURS.issue(SERVER));
            watch.look();
            assertThat(watch.isBroken()).isFalse();
            assertThat(watch.replaced()).isEqualTo(1);
        }
    }

    @Test
    void a_certificate_with_the_key_of_another_is_not_taken() throws IOException {
        Identity identity = identity();
        OURS.issue(SERVER).write(folder.resolve("tls.crt"), folder.resolve("other.key"));

        assertThatThrownBy(identity::look)
                .hasMessage("tls.key: 'broken' (expected: the key of the certificate)");
    }

    @Test
    void authorities_that_are_none_are_not_taken() throws IOException {
        Identity identity = identity();
        Files.writeString(folder.resolve("ca.crt"), "");

        assertThatThrownBy(identity::look)
                .hasMessage("ca.crt: 'broken' (expected: a certificate as PEM)");
        Files.delete(folder.resolve("ca.crt"));
        assertThatThrownBy(identity::look).hasMessageStartingWith("ca.crt: '" + folder);
    }

    /// The kubelet writes a folder beside the others and lets a link lead there.
    @Test
    void a_projected_secret_is_followed_through_its_link() throws IOException {
        Path first = OURS.identity(folder.resolve("..first"), "server");
        Path second = OURS.identity(folder.resolve("..second"), "server");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first.getFileName());
        for (String name : new String[] {"tls.crt", "tls.key", "ca.crt"}) {
            Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
        }
        Identity identity = new Identity(folder, Role.SERVER, clock);
        assertThat(identity.look()).isEmpty();

        Path next = Files.createSymbolicLink(folder.resolve("..tmp"), second.getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);

        assertThat(identity.look()).isPresent();
        assertThat(identity.look()).isEmpty();
    }

    @Test
    void one_that_has_expired_takes_no_place_of_one_that_is_valid() throws IOException {
        Identity identity = identity();
        OURS.write(
                folder,
                OURS.issue(now.minus(Duration.ofHours(2)), now.minus(Duration.ofHours(1)), SERVER));

        assertThatThrownBy(identity::look)
                .hasMessageStartingWith("tls.crt: 'valid from ")
                .hasMessageEndingWith("(expected: one that is valid now)");
    }

    @Test
    void a_process_says_that_its_certificate_has_expired_and_takes_the_next_one()
            throws IOException {
        Identity identity = identity();
        try (CertificateWatch watch = identity.watch();
                CapturedLog log = CapturedLog.of(CertificateWatch.class.getName())) {
            watch.look();
            assertThat(log.messages()).isEmpty();

            now = now.plus(Duration.ofDays(2));
            watch.look();
            watch.look();
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .isEqualTo(
                            "the certificate of %s expired at %s: nobody who looks at it connects"
                                            .formatted(folder, identity.expires())
                                    + " until its files hold another");

            OURS.write(folder, OURS.issue(now.minusSeconds(60), now.plusSeconds(3600), SERVER));
            watch.look();
            assertThat(log.messages()).last().asString().contains("is a new one, which expires at");
        }
    }

    @Test
    void a_certificate_of_another_role_or_of_nobody_is_refused_with_what_it_says()
            throws IOException {
        OURS.identity(folder, "gateway");
        assertThatThrownBy(() -> new Identity(folder, Role.SERVER, clock))
                .hasMessage(
                        "tls.crt: 'spiffe://tidemill/gateway' (expected: a certificate with the URI"
                                + " spiffe://TRUST-DOMAIN/server)");
        OURS.write(folder, OURS.issue("server.prod.svc", "https://tidemill/server"));
        assertThatThrownBy(() -> new Identity(folder, Role.SERVER, clock))
                .hasMessageStartingWith("tls.crt: 'CN=somebody' (expected: ");
        OURS.write(folder, OURS.issue("spiffe://a/gateway", SERVER, "spiffe://tidemill/server/x"));
        assertThat(new Identity(folder, Role.SERVER, clock).expires()).isAfter(now);
    }

    private Identity identity() throws IOException {
        return new Identity(OURS.identity(folder, "server"), Role.SERVER, clock);
    }

    private static byte[] written(TestCertificate certificate) {
        try {
            return TestCertificate.pem("CERTIFICATE", certificate.certificate().getEncoded())
                    .getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
