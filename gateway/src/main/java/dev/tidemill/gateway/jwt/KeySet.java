package dev.tidemill.gateway.jwt;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The keys of an issuer: asked for when they are first needed, again when they are old, and when a
/// token names one that is not among them, but not more often than now and then. While they cannot
/// be had again the old ones do for a day.
final class KeySet {
    private static final System.Logger LOGGER = System.getLogger(KeySet.class.getName());
    private static final long SECOND = 1_000_000_000L;
    private static final long FRESH = 300 * SECOND;
    private static final long PAUSE = 10 * SECOND;
    private static final long FIRST_PAUSE = SECOND;
    private static final long KEEP = 24 * 3600 * SECOND;

    private final String issuer;
    private final Source source;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Known known;

    /// Null: nobody has tried yet.
    private volatile @Nullable Long triedNanos;

    KeySet(String issuer, Source source, LongSupplier nanos) {
        this.issuer = issuer;
        this.source = source;
        this.nanos = nanos;
    }

    /// Those that may have signed a token with this header.
    ///
    /// @throws TidemillException `UNAVAILABLE` when none can be had
    List<JWK> of(JWSHeader header) {
        Known now = known;
        if (now == null) {
            now = again(null);
        } else if (age(now) > FRESH && lock.tryLock()) {
            try {
                now = again(now);
            } finally {
                lock.unlock();
            }
        }
        List<JWK> found = now.matching(header);
        return found.isEmpty() ? again(now).matching(header) : found;
    }

    private Known again(@Nullable Known seen) {
        lock.lock();
        try {
            Known now = known;
            if (now != null && (seen == null || now.atNanos() != seen.atNanos())) {
                return now;
            }
            long time = nanos.getAsLong();
            Long tried = triedNanos;
            if (tried != null && time - tried < (now == null ? FIRST_PAUSE : PAUSE)) {
                return orUnknown(now);
            }
            triedNanos = time;
            try {
                Known fetched = new Known(source.keys(), time);
                known = fetched;
                return fetched;
            } catch (IOException e) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "keys of the issuer {0} cannot be had: {1}",
                        issuer,
                        e.getMessage());
                return orUnknown(now);
            }
        } finally {
            lock.unlock();
        }
    }

    private Known orUnknown(@Nullable Known now) {
        if (now == null || age(now) > KEEP) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "token: 'not checked' (expected: the keys of its issuer, which cannot be had"
                            + " now)");
        }
        return requireNonNull(now);
    }

    private long age(Known now) {
        return nanos.getAsLong() - now.atNanos();
    }

    /// Where keys come from.
    @FunctionalInterface
    interface Source {
        JWKSet keys() throws IOException;
    }

    private record Known(JWKSet keys, long atNanos) {
        List<JWK> matching(JWSHeader header) {
            return new JWKSelector(JWKMatcher.forJWSHeader(header)).select(keys);
        }
    }
}
