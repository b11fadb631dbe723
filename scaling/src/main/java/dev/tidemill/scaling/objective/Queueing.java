package dev.tidemill.scaling.objective;

/// Waiting in a system of equal slots: Erlang's formulas for random arrivals, the fluid picture
/// beyond saturation. `load` is the mean number of slots that arrivals keep busy: rate times slot
/// time.
public final class Queueing {
    private Queueing() {}

    /// Share of requests that wait longer than a limit: `C * exp(-(k - a) t / S)`, all of them when
    /// the slots do not suffice.
    ///
    /// @param variability `(ca^2 + cs^2) / 2` of gaps and service times; 1 for random ones
    public static double lateShare(
            double slots, double load, double slotSeconds, double waitSeconds, double variability) {
        if (load <= 0) {
            return 0;
        }
        if (load >= slots) {
            return 1;
        }
        double blocked = 1;
        int whole = (int) slots;
        for (int i = 1; i <= whole; i++) {
            blocked = load * blocked / (i + load * blocked);
        }
        return late(slots, load, blocked, slotSeconds, waitSeconds, variability);
    }

    /// The fewest replicas that keep the late share. One pass over the slots.
    ///
    /// @param most the answer when more would be needed
    public static int replicas(
            double load,
            int slotsEach,
            double slotSeconds,
            double waitSeconds,
            double variability,
            double lateShare,
            int most) {
        if (load <= 0) {
            return 0;
        }
        double blocked = 1;
        int slots = 0;
        for (int replicas = 1; replicas < most; replicas++) {
            for (int j = 0; j < slotsEach; j++) {
                slots++;
                blocked = load * blocked / (slots + load * blocked);
            }
            if (slots > load
                    && late(slots, load, blocked, slotSeconds, waitSeconds, variability)
                            <= lateShare) {
                return replicas;
            }
        }
        return most;
    }

    private static double late(
            double slots,
            double load,
            double blocked,
            double slotSeconds,
            double waitSeconds,
            double variability) {
        double waiting = slots * blocked / (slots - load * (1 - blocked));
        double spare = (slots - load) / (slotSeconds * Math.max(0.05, variability));
        return Math.min(1, waiting * Math.exp(-spare * waitSeconds));
    }
}
