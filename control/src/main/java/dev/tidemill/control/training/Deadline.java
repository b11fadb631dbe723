package dev.tidemill.control.training;

import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.time.Duration;
import java.time.InstantSource;

/// How long a run may take. Looked at between steps: the libraries that fit cannot be interrupted.
final class Deadline {
    private final InstantSource clock;
    private final Duration limit;
    private final long endMillis;

    Deadline(InstantSource clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
        this.endMillis = clock.millis() + limit.toMillis();
    }

    /// @throws TidemillException `DEADLINE_EXCEEDED` when it is over
    void check() {
        if (clock.millis() > endMillis) {
            throw new TidemillException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "training: 'not finished' (expected: within spec.timeout, %s)"
                            .formatted(DurationText.format(limit)));
        }
    }
}
