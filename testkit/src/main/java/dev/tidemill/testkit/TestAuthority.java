package dev.tidemill.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// An authority that signs certificates, made in memory within milliseconds. Certificates are DER
/// by RFC 5280, with elliptic curve keys, signed with ECDSA and SHA-256.
public final class TestAuthority {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OCTETS = 0x04;
    private static final byte[] ECDSA_SHA256 = hex("06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final byte[] VERSION_3 = hex("a003020102");
    private static final byte[] IS_AUTHORITY = hex("300f0603551d130101ff040530030101ff");
    private static final byte[] NAMES = hex("0603551d11");
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final KeyPair keys = keys();
    private final AtomicLong serial = new AtomicLong(1);

    /// The machine's: TLS goes by no other.
    private final InstantSource clock = InstantSource.system();

    private final String name;
    private final X509Certificate certificate;

    private TestAuthority(String name) {
        this.name = name;
        Instant now = clock.instant();
        this.certificate =
                sign(
                        name,
                        keys.getPublic(),
                        now.minus(Duration.ofHours(1)),
                        now.plus(Duration.ofDays(1)),
                        element(0xa3, element(SEQUENCE, IS_AUTHORITY)));
    }

    public static TestAuthority create() {
        return new TestAuthority("authority-" + UUID.randomUUID());
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /// Valid for a day.
    ///
    /// @param names URIs, or names of hosts
    public TestCertificate issue(String... names) {
        Instant now = clock.instant();
        return issue(now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1)), names);
    }

    public TestCertificate issue(Instant from, Instant until, String... names) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String each : names) {
            int tag = each.contains("://") ? 0x86 : 0x82;
            all.writeBytes(element(tag, each.getBytes(StandardCharsets.US_ASCII)));
        }
        byte[] extension =
                element(SEQUENCE, NAMES, element(OCTETS, element(SEQUENCE, all.toByteArray())));
        KeyPair own = keys();
        return new TestCertificate(
                sign(
                        "somebody",
                        own.getPublic(),
                        from,
                        until,
                        element(0xa3, element(SEQUENCE, extension))),
                own.getPrivate());
    }

    /// A folder with `tls.crt`, `tls.key` and `ca.crt`, as a Secret has them.
    ///
    /// @param role of `spiffe://tidemill/ROLE`
    public Path identity(Path folder, String role) throws IOException {
        Files.createDirectories(folder);
        write(folder, issue("spiffe://tidemill/" + role));
        return folder;
    }

    /// Replaces the files of such a folder, one after the other.
    public void write(Path folder, TestCertificate shown) throws IOException {
        shown.write(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        Files.writeString(folder.resolve("ca.crt"), pem());
    }

    public String pem() {
        try {
            return TestCertificate.pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate sign(
            String subject, PublicKey key, Instant from, Instant until, byte[] extensions) {
        byte[] algorithm = element(SEQUENCE, ECDSA_SHA256);
        byte[] contents =
                element(
                        SEQUENCE,
                        VERSION_3,
                        element(0x02, BigInteger.valueOf(serial.incrementAndGet()).toByteArray()),
                        algorithm,
                        named(name),
                        element(SEQUENCE, time(from), time(until)),
                        named(subject),
                        key.getEncoded(),
                        extensions);
        try {
            Signature signing = Signature.getInstance("SHA256withECDSA");
            signing.initSign(keys.getPrivate());
            signing.update(contents);
            byte[] whole =
                    element(
                            SEQUENCE,
                            contents,
                            algorithm,
                            element(0x03, new byte[1], signing.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] named(String commonName) {
        byte[] text = element(0x0c, commonName.getBytes(StandardCharsets.UTF_8));
        return element(SEQUENCE, element(SET, element(SEQUENCE, COMMON_NAME, text)));
    }

    private static byte[] time(Instant time) {
        return element(0x17, UTC_TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            inner.writeBytes(part);
        }
        int length = inner.size();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (length < 0x80) {
            whole.write(length);
        } else if (length < 0x100) {
            whole.write(0x81);
            whole.write(length);
        } else {
            whole.write(0x82);
            whole.write(length >> 8);
            whole.write(length);
        }
        whole.writeBytes(inner.toByteArray());
        return whole.toByteArray();
    }
}
