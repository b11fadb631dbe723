package dev.tidemill.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.testkit.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class PemFilesTest {
    private static final TestCertificate ONE = TestCertificate.create("localhost");

    @Test
    void a_certificate_and_its_key_belong_together_and_another_key_does_not() throws Exception {
        byte[] certificate = pem("CERTIFICATE", ONE.certificate().getEncoded());
        PemFiles files = PemFiles.parse(certificate, pem("PRIVATE KEY", ONE.key().getEncoded()));
        assertThat(files.chain()).containsExactly(ONE.certificate());

        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        byte[] other = pem("PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());
        assertThatThrownBy(() -> PemFiles.parse(certificate, other))
                .isInstanceOf(TidemillException.class)
                .hasMessage("tls.key: 'broken' (expected: the key of the certificate)");
        KeyPair rsa = rsa();
        byte[] third = pem("PRIVATE KEY", rsa.getPrivate().getEncoded());
        assertThatThrownBy(() -> PemFiles.parse(certificate, third))
                .hasMessageContaining("the key of the certificate");
    }

    @Test
    void a_key_that_is_only_half_written_is_said_to_be_no_key() throws Exception {
        byte[] certificate = pem("CERTIFICATE", ONE.certificate().getEncoded());
        byte[] half =
                "-----BEGIN PRIVATE KEY-----\nMIIE=x\n-----END PRIVATE KEY-----\n"
                        .getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> PemFiles.parse(certificate, half))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("tls.key");
    }

    @Test
    void the_older_forms_of_keys_are_wrapped_as_they_must_be() throws Exception {
        RSAPrivateCrtKey rsa = (RSAPrivateCrtKey) rsa().getPrivate();
        byte[] pkcs8 = rsa.getEncoded();
        // SEQUENCE (4), version (3), algorithm (15), OCTET STRING (4), the older form.
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        assertThat(KeyWrapping.rsa(pkcs1)).isEqualTo(pkcs8);

        ECPrivateKey ec = (ECPrivateKey) ONE.key();
        byte[] secret = ec.getS().toByteArray();
        byte[] number = new byte[32];
        int length = Math.min(32, secret.length);
        System.arraycopy(secret, secret.length - length, number, 32 - length, length);
        byte[] sec1 =
                HexFormat.of()
                        .parseHex(
                                "3031020101"
                                        + "0420"
                                        + HexFormat.of().formatHex(number)
                                        + "a00a06082a8648ce3d030107");
        PrivateKey read =
                KeyFactory.getInstance("EC")
                        .generatePrivate(new PKCS8EncodedKeySpec(KeyWrapping.ec(sec1)));
        assertThat(((ECPrivateKey) read).getS()).isEqualTo(ec.getS());
        PemFiles files =
                PemFiles.parse(
                        pem("CERTIFICATE", ONE.certificate().getEncoded()),
                        pem("EC PRIVATE KEY", sec1));
        assertThat(files.chain()).hasSize(1);
    }

    @Test
    void what_is_broken_is_told_without_the_key() throws Exception {
        byte[] certificate = pem("CERTIFICATE", ONE.certificate().getEncoded());
        for (byte[] key :
                new byte[][] {
                    pem("PRIVATE KEY", new byte[] {1, 2, 3}),
                    pem("EC PRIVATE KEY", new byte[] {0x30, 0x50, 2, 1}),
                    pem("ENCRYPTED PRIVATE KEY", ONE.key().getEncoded()),
                    new byte[0]
                }) {
            assertThatThrownBy(() -> PemFiles.parse(certificate, key))
                    .isInstanceOf(TidemillException.class)
                    .hasMessageStartingWith("tls.key: 'broken'");
        }
        assertThatThrownBy(() -> PemFiles.parse(new byte[0], new byte[0]))
                .hasMessage("tls.certificate: 'broken' (expected: a certificate as PEM)");
    }

    private static KeyPair rsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        return generator.generateKeyPair();
    }

    private static byte[] pem(String what, byte[] der) {
        return TestCertificate.pem(what, der).getBytes(StandardCharsets.US_ASCII);
    }
}
