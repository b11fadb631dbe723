package dev.tidemill.limits;

import static java.util.Objects.requireNonNull;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.ErrorCode;
import java.time.Duration;

/// The answer to "one more?".
public sealed interface Admission {
    Admission ADMITTED = new Admitted();

    record Admitted() implements Admission {}

    /// Refused without doing anything.
    ///
    /// @param code `OVERLOADED` when the same request may get in later, `TOO_LARGE` when it never
    ///   can
    /// @param retryAfter zero when waiting cannot help
    /// @param reason one clause for the client, the log and the metric
    record Shed(ErrorCode code, Duration retryAfter, String reason) implements Admission {
        public Shed {
            requireNonNull(code, "code");
            requireNonNull(retryAfter, "retryAfter");
            requireNonNull(reason, "reason");
        }

        static Shed overloaded(String reason, Duration retryAfter) {
            return new Shed(ErrorCode.OVERLOADED, retryAfter, reason);
        }

        static Shed tooLarge(long bytes, ByteSize limit) {
            return new Shed(
                    ErrorCode.TOO_LARGE,
                    Duration.ZERO,
                    "body: '%s' (expected: at most %s)".formatted(new ByteSize(bytes), limit));
        }
    }
}
