package dev.tidemill.http.tls;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// A server's certificate and key, from two PEM files that are looked at again while it listens:
/// connections that come later get what is there then. What is broken replaces nothing.
public final class ServerCertificate implements CertificateWatch.Looked {
    private static final int MAX_BYTES = 1 << 20;

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
        this.manager = new ReplaceableKey(files.manager());
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

    @Override
    public Instant expires() {
        return expires;
    }

    @Override
    public Optional<Instant> look() {
        Content content = content();
        if (content.digest().equals(seen)) {
            return Optional.empty();
        }
        PemFiles files = content.parsed();
        manager.replace(files.manager());
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
