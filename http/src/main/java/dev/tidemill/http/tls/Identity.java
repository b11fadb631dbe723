package dev.tidemill.http.tls;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.MetricName;
import dev.tidemill.http.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// Who a process of ours is to the others, and whom it believes: certificate, key and authorities
/// from the files `tls.crt`, `tls.key` and `ca.crt` of a folder, as a Secret of the type
/// `kubernetes.io/tls` has them that cert-manager made. They are looked at again by [#look]:
/// connections that come later use what is there then, those that are open go on. What is broken
/// replaces nothing. Thread-safe.
public final class Identity implements CertificateWatch.Looked {
    static final MetricName EXPIRES =
            MetricName.gauge(
                    "tidemill_identity_certificate_expires_seconds",
                    "When the certificate expires that the process shows to our others, in seconds"
                            + " since 1970; only where they speak TLS to one another.");
    static final MetricName BROKEN =
            MetricName.gauge(
                    "tidemill_identity_certificate_broken",
                    "1 while the files hold no certificate that could be taken, and the one before is"
                            + " shown on.");
    static final MetricName REPLACED =
            MetricName.counter(
                    "tidemill_identity_certificate_replaced_total",
                    "How often the files held another certificate or other authorities.");
    static final MetricName REFUSED =
            MetricName.counter(
                    "tidemill_identity_refused_total",
                    "Handshakes that were refused, of callers or of those who were called, because of"
                            + " the certificate that the other side showed.");

    /// Every metric of an identity.
    public static final List<MetricName> NAMES = List.of(EXPIRES, BROKEN, REPLACED, REFUSED);

    private static final int MAX_BYTES = 1 << 20;

    /// Whoever was believed once is not looked at anew for so long.
    private static final int SESSION_SECONDS = 60;

    private final Path folder;
    private final Role role;
    private final InstantSource clock;
    private final Refusals refusals = new Refusals(System::nanoTime);
    private final ReplaceableKey keys;
    private volatile Shown shown;

    /// @param role that the certificate must be for
    /// @throws TidemillException `INVALID_SPEC` when the files cannot be read, do not belong
    ///   together or are another role's; one that has expired is taken, since another may be there
    ///   in a moment
    public Identity(Path folder, Role role, InstantSource clock) {
        this.folder = folder;
        this.role = role;
        this.clock = clock;
        Content content = content();
        PemFiles files = content.pair();
        this.shown = shown(content, files);
        this.keys = new ReplaceableKey(files.manager());
    }

    /// @param own the certificate
    private record Shown(String digest, Anchors anchors, X509Certificate own) {
        Instant expires() {
            return own.getNotAfter().toInstant();
        }

        boolean isValid(Instant now) {
            return !now.isAfter(expires()) && !now.isBefore(own.getNotBefore().toInstant());
        }
    }

    /// For a listener: those who call must have one of these roles, if they show a certificate;
    /// that they must is the listener's matter.
    public SSLContext accepting(Set<Role> callers) {
        return context(keys, new RoleTrust(this::anchors, callers, refusals));
    }

    /// For connections to others of ours: they must have that role.
    public SSLContext calling(Role other) {
        return context(keys, new RoleTrust(this::anchors, Set.of(other), refusals));
    }

    /// For connections of somebody who shows no certificate, to those who ask for none.
    ///
    /// @param authorities PEM
    /// @throws TidemillException `INVALID_SPEC` when there are none
    public static SSLContext believing(byte[] authorities, Role other) {
        Anchors anchors = Anchors.of(authorities, Optional.empty());
        return context(
                null, new RoleTrust(() -> anchors, Set.of(other), new Refusals(System::nanoTime)));
    }

    @Override
    public Instant expires() {
        return shown.expires();
    }

    @Override
    public synchronized Optional<Instant> look() {
        Content content = content();
        Shown before = shown;
        if (content.digest().equals(before.digest())) {
            return Optional.empty();
        }
        PemFiles files = content.pair();
        Shown next = shown(content, files);
        Instant now = clock.instant();
        if (before.isValid(now) && !next.isValid(now)) {
            throw PemFiles.problem(
                    "tls.crt",
                    "valid from %s to %s"
                            .formatted(next.own().getNotBefore().toInstant(), next.expires()),
                    "one that is valid now");
        }
        keys.replace(files.manager());
        shown = next;
        return Optional.of(next.expires());
    }

    /// A thread that looks, until it is closed. Not started yet.
    public CertificateWatch watch() {
        return new CertificateWatch("the certificate of " + folder, this, clock);
    }

    /// Shows what becomes of it.
    public void show(Metrics metrics, CertificateWatch watch) {
        metrics.gauge(EXPIRES, () -> (double) expires().getEpochSecond());
        metrics.gauge(BROKEN, () -> watch.isBroken() ? 1 : 0);
        metrics.counted(REPLACED, watch::replaced);
        metrics.counted(REFUSED, refusals::count);
    }

    private Anchors anchors() {
        return shown.anchors();
    }

    private static SSLContext context(@Nullable KeyManager key, TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    key == null ? new KeyManager[0] : new KeyManager[] {key},
                    new TrustManager[] {trust},
                    null);
            context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
            context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Shown shown(Content content, PemFiles files) {
        X509Certificate own = files.chain().getFirst();
        String domain = domain(own);
        return new Shown(
                content.digest(), Anchors.of(content.authorities(), Optional.of(domain)), own);
    }

    private String domain(X509Certificate own) {
        try {
            List<PeerName> names = PeerName.of(own);
            return names.stream()
                    .filter(name -> name.role() == role)
                    .map(PeerName::domain)
                    .findFirst()
                    .orElseThrow(() ->
                            PemFiles.problem(
                                    "tls.crt",
                                    names.isEmpty()
                                            ? own.getSubjectX500Principal().getName()
                                            : names.stream()
                                                    .map(name -> name.role().uri(name.domain()))
                                                    .collect(Collectors.joining(", ")),
                                    "a certificate with the URI " + role.uri("TRUST-DOMAIN")));
        } catch (CertificateParsingException e) {
            throw PemFiles.problem("tls.crt", "names that can be read");
        }
    }

    private Content content() {
        return new Content(read("tls.crt"), read("tls.key"), read("ca.crt"));
    }

    private byte[] read(String name) {
        Path file = folder.resolve(name);
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES);
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    "%s: '%s' (expected: a file that can be read)".formatted(name, file),
                    e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by its digest only.
    private record Content(byte[] certificate, byte[] key, byte[] authorities) {
        String digest() {
            return Digest.of(certificate).value()
                    + Digest.of(key).value()
                    + Digest.of(authorities).value();
        }

        PemFiles pair() {
            return PemFiles.parse(certificate, key);
        }
    }
}
