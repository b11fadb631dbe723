package dev.tidemill.scaling.objective;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;

/// How long a request occupies a slot, told by those who count what comes and what is in flight:
/// while far more is in flight than there are slots, what leaves is all that the slots can do. It
/// stands in where replicas do not say themselves; those who are too busy to answer requests may be
/// too busy for that too.
final class Outflow {
    /// What is in flight of what there are slots for, so that none of them is idle.
    private static final double FLOODED = 2;

    /// Standard deviations of a count that chance is taken for.
    private static final double CHANCE = 2;

    /// Requests that have to leave before they are a measure.
    private static final double LEAST = 5;

    /// A replica's speed may change: what was counted longer ago counts no more.
    private static final long LONGEST = 60_000;

    private long since = Long.MIN_VALUE;
    private long lastAt;
    private double flightThen;
    private int ready;
    private double came;

    /// @param believed seconds until now
    /// @return as near to it as what left allows, chance allowed for
    double slotSeconds(Signals seen, int slots, double believed) {
        double flight = seen.get(Signal.IN_FLIGHT);
        double rate = seen.get(Signal.ARRIVALS);
        double all = (double) slots * seen.ready();
        long now = seen.atMillis();
        if (!(all > 0) || !(rate >= 0) || !(flight > FLOODED * all)) {
            since = Long.MIN_VALUE;
            return believed;
        }
        if (since == Long.MIN_VALUE || seen.ready() != ready || now - since > LONGEST) {
            since = now;
            lastAt = now;
            flightThen = flight;
            ready = seen.ready();
            came = 0;
            return believed;
        }
        came += rate * (now - lastAt) / 1000;
        lastAt = now;
        double left = came - (flight - flightThen);
        if (left < LEAST) {
            return believed;
        }
        double measured = all * (now - since) / 1000 / left;
        double chance = CHANCE / Math.sqrt(left);
        return Math.clamp(believed, measured * Math.max(0, 1 - chance), measured * (1 + chance));
    }
}
