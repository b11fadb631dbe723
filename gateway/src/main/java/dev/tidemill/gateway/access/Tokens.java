package dev.tidemill.gateway.access;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Knows callers by tokens that somebody else has signed.
public interface Tokens {
    /// No token is believed.
    Tokens NONE =
            new Tokens() {
                @Override
                public boolean isEmpty() {
                    return true;
                }

                @Override
                public @Nullable Caller known(byte[] hash, String address, Instant now) {
                    return null;
                }

                @Override
                public Caller caller(String presented, byte[] hash, String address, Instant now) {
                    throw new TidemillException(
                            ErrorCode.UNAUTHENTICATED,
                            "key: 'hidden' (expected: one that is valid)");
                }
            };

    /// Whether no token is believed.
    boolean isEmpty();

    /// Whose token held a moment ago; null when that is not known.
    ///
    /// @param hash SHA-256 of what the client sent
    @Nullable Caller known(byte[] hash, String address, Instant now);

    /// @param hash SHA-256 of what the client sent
    /// @throws TidemillException `UNAUTHENTICATED` when it is no token or does not hold,
    ///   `FORBIDDEN` when it lacks what all must have, `UNAVAILABLE` when nobody can know
    Caller caller(String presented, byte[] hash, String address, Instant now);
}
