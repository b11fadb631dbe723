package dev.tidemill.control.training;

import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How long a run may take. It is looked at between steps and, through the hooks that the training
/// libraries have, many times a second while they fit.
final class Deadline {
    private final LongSupplier nanos;
    private final Duration limit;
    private final long begin;

    /// @param nanos monotonic clock
    Deadline(LongSupplier nanos, Duration limit) {
        this.nanos = nanos;
        this.limit = limit;
        this.begin = nanos.getAsLong();
    }

    /// @throws TidemillException `DEADLINE_EXCEEDED` when it is over, `UNAVAILABLE` when the thread
    ///   was interrupted because control ends
    void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "training: 'not finished' (expected: control to run on)");
        }
        if (nanos.getAsLong() - begin > limit.toNanos()) {
            throw new TidemillException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "training: 'not finished' (expected: within spec.timeout, %s)"
                            .formatted(DurationText.format(limit)));
        }
    }
}
