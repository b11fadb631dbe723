package dev.tidemill.http.tls;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;

/// A server's certificate and key, from two PEM files that are looked at again while it listens:
/// connections that come later get what is there then. What is broken replaces nothing.
public final class ServerCertificate {
    private static final int MAX_BYTES = 1 << 20;
    private static final char[] NO_PASSWORD = new char[0];

    private final Path certificate;
    private final Path key;
    private final ReplaceableKey manager;
    private final SSLContext context;
    private String seen;
    private volatile Instant expires;

    /// @param certificate PEM, with those that vouch for it after it
    /// @param key PEM, without a password
    /// @throws TidemillException `INVALID_SPEC` when they cannot be read or do not belong together
    public ServerCertificate(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
        Content content = content();
        PemFiles files = content.parsed();
        this.seen = content.digest();
        this.expires = expires(files);
        this.manager = new ReplaceableKey(keyManager(files));
        try {
            this.context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {manager}, null, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public SSLContext context() {
        return context;
    }

    /// When the one in use expires.
    public Instant expires() {
        return expires;
    }

    /// Looks whether there is another one.
    ///
    /// @return empty when there is none; otherwise when the new one, which is in use now, expires
    /// @throws TidemillException `INVALID_SPEC` when what is there is broken; every time, until it
    ///   is mended
    public Optional<Instant> look() {
        Content content = content();
        if (content.digest().equals(seen)) {
            return Optional.empty();
        }
        PemFiles files = content.parsed();
        manager.replace(keyManager(files));
        seen = content.digest();
        expires = expires(files);
        return Optional.of(expires);
    }

    private Content content() {
        return new Content(read("tls.certificate", certificate), read("tls.key", key));
    }

    private static byte[] read(String what, Path file) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES);
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    "%s: '%s' (expected: a file that can be read)".formatted(what, file),
                    e);
        }
    }

    private static Instant expires(PemFiles files) {
        return files.chain().getFirst().getNotAfter().toInstant();
    }

    private static X509ExtendedKeyManager keyManager(PemFiles files) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server",
                    files.key(),
                    NO_PASSWORD,
                    files.chain().toArray(X509Certificate[]::new));
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
                    "tls.certificate: 'unusable' (expected: a certificate for a server)",
                    e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by its digest only.
    private record Content(byte[] certificate, byte[] key) {
        String digest() {
            return Digest.of(certificate).value() + Digest.of(key).value();
        }

        PemFiles parsed() {
            return PemFiles.parse(certificate, key);
        }
    }
}
