package dev.tidemill.scaling.objective;

import java.util.Arrays;

/// Replicas for a load, remembered by load to within half a percent (upwards), because the formula
/// takes a step for every slot.
final class Sizing {
    private static final double STEPS = 200;
    private static final int KEPT = 4096;

    private final Objective objective;
    private final double variability;
    private final int most;
    private final int[] kept = new int[KEPT];
    private int slots;
    private double slotSeconds;
    private double lastSeconds = Double.NaN;
    private double lastRounded;

    Sizing(Objective objective, double variability, int most) {
        this.objective = objective;
        this.variability = variability;
        this.most = most;
    }

    int replicas(double load, int slotsEach, double seconds) {
        if (load <= 0) {
            return 0;
        }
        if (seconds != lastSeconds) {
            lastSeconds = seconds;
            lastRounded = rounded(seconds);
        }
        double rounded = lastRounded;
        if (slots != slotsEach || slotSeconds != rounded) {
            slots = slotsEach;
            slotSeconds = rounded;
            Arrays.fill(kept, 0);
        }
        int step = (int) Math.ceil(Math.log(load) * STEPS);
        int at = step + KEPT / 2;
        if (at < 0 || at >= KEPT) {
            return compute(load, slotsEach, rounded);
        }
        if (kept[at] == 0) {
            kept[at] = compute(Math.exp(step / STEPS), slotsEach, rounded);
        }
        return kept[at];
    }

    private int compute(double load, int slotsEach, double seconds) {
        return Queueing.replicas(
                load,
                slotsEach,
                seconds,
                objective.waitSeconds(seconds),
                variability,
                objective.late(),
                most);
    }

    /// To about a percent.
    private static double rounded(double seconds) {
        double unit = Math.pow(10, Math.floor(Math.log10(seconds)) - 1);
        return Math.rint(seconds / unit * 10) / 10 * unit;
    }
}
