package dev.tidemill.autoscale;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// Wall time that never goes back, for policies that remember. It follows the wall clock, because
/// schedules are about that; when the wall clock goes back a little it waits for it, and when it
/// goes back a lot it says so, and whoever remembers begins anew. One thread uses it.
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

    /// @param wentBack whether what was remembered is of another time
    record Moment(long atMillis, boolean wentBack) {}

    Moment next() {
        long wall = clock.millis();
        long now = nanos.getAsLong();
        if (!begun) {
            begun = true;
            return at(wall, now, false);
        }
        long steady = last + Math.max(0, (now - lastNanos) / 1_000_000);
        if (steady - wall > PATIENCE.toMillis()) {
            return at(wall, now, true);
        }
        // Behind by less: time stands until the wall clock has caught up.
        return at(Math.max(wall, last), now, false);
    }

    private Moment at(long millis, long now, boolean wentBack) {
        last = millis;
        lastNanos = now;
        return new Moment(millis, wentBack);
    }
}
