package dev.tidemill.autoscale;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// Wall time that never goes back, for policies that remember. It follows the wall clock, because
/// schedules are about that; when the wall clock goes back a little it goes at half the speed until
/// they meet, and when it jumps a lot it says so. One thread uses it.
final class SteadyTime {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final LongSupplier nanos;
    private long last;
    private long lastNanos;
    private boolean begun;

    SteadyTime(InstantSource clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    /// How the wall clock came to a moment.
    enum Jump {
        NONE,
        /// What was remembered is of another time.
        BACK,
        /// What was remembered is suddenly old, as after sleep.
        AHEAD
    }

    record Moment(long atMillis, Jump jump) {}

    Moment next() {
        long wall = clock.millis();
        long now = nanos.getAsLong();
        if (!begun) {
            begun = true;
            return at(wall, now, Jump.NONE);
        }
        long elapsed = Math.max(0, (now - lastNanos) / 1_000_000);
        long steady = last + elapsed;
        if (steady - wall > PATIENCE.toMillis()) {
            return at(wall, now, Jump.BACK);
        }
        Jump jump = wall - steady > PATIENCE.toMillis() ? Jump.AHEAD : Jump.NONE;
        // Behind by less: time goes on, slowly, because windows that stand still see nothing.
        return at(Math.max(wall, last + Math.max(1, elapsed / 2)), now, jump);
    }

    private Moment at(long millis, long now, Jump jump) {
        last = millis;
        lastNanos = now;
        return new Moment(millis, jump);
    }
}
