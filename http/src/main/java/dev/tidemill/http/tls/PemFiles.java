package dev.tidemill.http.tls;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/// A certificate with those that vouch for it, and its private key, as PEM files hold them.
///
/// @param chain the server's own certificate first
record PemFiles(List<X509Certificate> chain, PrivateKey key) {
    private static final Pattern KEY =
            Pattern.compile(
                    "-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END");
    private static final char[] NO_PASSWORD = new char[0];
    private static final byte[] PROBE = {1, 2, 3, 4};

    /// @param certificate what its file holds, and `key` what the other one does
    /// @throws TidemillException `INVALID_SPEC` for anything that is not one certificate with its
    ///   key; never with a part of the key
    static PemFiles parse(byte[] certificate, byte[] key) {
        List<X509Certificate> chain = certificates("tls.certificate", certificate);
        PrivateKey secret = key(new String(key, StandardCharsets.ISO_8859_1));
        if (!belong(chain.getFirst().getPublicKey(), secret)) {
            throw problem("tls.key", "the key of the certificate");
        }
        return new PemFiles(chain, secret);
    }

    /// @param what they are, for messages
    /// @throws TidemillException `INVALID_SPEC` when there are none, or anything else
    static List<X509Certificate> certificates(String what, byte[] pem) {
        try {
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (GeneralSecurityException e) {
            throw problem(what, "a certificate as PEM");
        }
        throw problem(what, "a certificate as PEM");
    }

    private static PrivateKey key(String pem) {
        Matcher found = KEY.matcher(pem);
        if (!found.find()) {
            throw problem("tls.key", "a private key as PEM, without a password");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(found.group(2));
        } catch (IllegalArgumentException e) {
            throw problem("tls.key", "a private key as PEM, without a password");
        }
        byte[] packed =
                switch (found.group(1)) {
                    case "RSA PRIVATE KEY" -> KeyWrapping.rsa(der);
                    case "EC PRIVATE KEY" -> KeyWrapping.ec(der);
                    default -> der;
                };
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(packed));
            } catch (GeneralSecurityException e) {
                // Perhaps it is one of the next kind.
            }
        }
        throw problem("tls.key", "an RSA, EC or Ed25519 key");
    }

    private static boolean belong(PublicKey open, PrivateKey secret) {
        String algorithm =
                switch (secret.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(secret);
            signing.update(PROBE);
            byte[] signed = signing.sign();
            signing.initVerify(open);
            signing.update(PROBE);
            return signing.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// The pair, for handshakes.
    X509ExtendedKeyManager manager() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, NO_PASSWORD);
            for (KeyManager manager : factory.getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager extended) {
                    return extended;
                }
            }
            throw new IllegalStateException("no key manager");
        } catch (GeneralSecurityException | IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    "tls.certificate: 'unusable' (expected: a certificate for TLS)",
                    e);
        }
    }

    static TidemillException problem(String what, String expected) {
        return problem(what, "broken", expected);
    }

    static TidemillException problem(String what, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_SPEC, "%s: '%s' (expected: %s)".formatted(what, value, expected));
    }
}
