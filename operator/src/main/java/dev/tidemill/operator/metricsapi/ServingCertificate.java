package dev.tidemill.operator.metricsapi;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/// A certificate that vouches for itself, made here and kept in memory: whoever is to believe it is
/// told so by the `caBundle` that this process writes, so it needs no Secret.
record ServingCertificate(X509Certificate certificate, PrivateKey key) {
    private static final String NAME = "tidemill-operator";
    private static final int SERIAL_BITS = 127;

    /// Clocks of a cluster differ.
    private static final Duration EARLIER = Duration.ofMinutes(5);

    /// @param hosts that it is for
    static ServingCertificate create(List<String> hosts, Instant now, Duration lasts) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] algorithm = Der.sequence(Der.id("1.2.840.10045.4.3.2"));
            byte[] body = body(hosts, now, lasts, pair, algorithm);
            Signature signing = Signature.getInstance("SHA256withECDSA");
            signing.initSign(pair.getPrivate());
            signing.update(body);
            byte[] whole = Der.sequence(body, algorithm, Der.bits(signing.sign()));
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(whole));
            return new ServingCertificate(certificate, pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] body(
            List<String> hosts, Instant now, Duration lasts, KeyPair pair, byte[] algorithm) {
        byte[] name = Der.sequence(Der.set(Der.sequence(Der.id("2.5.4.3"), Der.text(NAME))));
        byte[][] names = hosts.stream().map(host -> Der.taggedText(2, host)).toArray(byte[][]::new);
        return Der.sequence(
                Der.tagged(0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0)),
                algorithm,
                name,
                Der.sequence(Der.time(now.minus(EARLIER)), Der.time(now.plus(lasts))),
                name,
                pair.getPublic().getEncoded(),
                Der.tagged(
                        3,
                        Der.sequence(
                                // It is its own authority, for servers only, and for these names.
                                extension("2.5.29.19", true, Der.sequence(Der.yes())),
                                extension("2.5.29.15", true, Der.flags(2, 0x84)),
                                extension(
                                        "2.5.29.37",
                                        false,
                                        Der.sequence(Der.id("1.3.6.1.5.5.7.3.1"))),
                                extension("2.5.29.17", false, Der.sequence(names)))));
    }

    private static byte[] extension(String id, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.id(id), Der.yes(), Der.octets(value))
                : Der.sequence(Der.id(id), Der.octets(value));
    }

    /// Whether less than a third of its time is left.
    boolean isOld(Instant now) {
        Instant begins = certificate.getNotBefore().toInstant();
        Instant ends = certificate.getNotAfter().toInstant();
        return now.isAfter(ends.minus(Duration.between(begins, ends).dividedBy(3)));
    }

    String pem() {
        try {
            return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                    .formatted(
                            Base64.getMimeEncoder(64, new byte[] {'\n'})
                                    .encodeToString(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
