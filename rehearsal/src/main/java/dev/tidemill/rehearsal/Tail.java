package dev.tidemill.rehearsal;

import dev.tidemill.scaling.objective.Queueing;

/// The tail of the waiting time, remembered for one load: a minute has twelve steps and one rate.
final class Tail {
    private final double slotSeconds;
    private int slots = -1;
    private double load = -1;
    private double waiting;
    private double askedSeconds = Double.NaN;
    private double share;

    Tail(double slotSeconds) {
        this.slotSeconds = slotSeconds;
    }

    /// Share of requests that wait longer.
    double share(int slots, double load, double waitSeconds) {
        double chance = waiting(slots, load);
        if (waitSeconds != askedSeconds) {
            askedSeconds = waitSeconds;
            share =
                    chance >= 1
                            ? 1
                            : chance * Math.exp(-(slots - load) / slotSeconds * waitSeconds);
        }
        return share;
    }

    /// Seconds that one in a hundred waits longer than; infinite when slots do not suffice.
    double p99(int slots, double load) {
        double chance = waiting(slots, load);
        if (chance >= 1) {
            return Double.POSITIVE_INFINITY;
        }
        return chance <= 0.01 ? 0 : Math.log(chance / 0.01) * slotSeconds / (slots - load);
    }

    private double waiting(int slots, double load) {
        if (this.slots != slots || this.load != load) {
            this.slots = slots;
            this.load = load;
            this.askedSeconds = Double.NaN;
            this.waiting = Queueing.lateShare(slots, load, slotSeconds, 0, 1);
        }
        return waiting;
    }
}
