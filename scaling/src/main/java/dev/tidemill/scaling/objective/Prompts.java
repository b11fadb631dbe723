package dev.tidemill.scaling.objective;

/// What reading prompts takes of a language model. A replica reads one after the other, so this is
/// a queue of its own, with one place a replica, and it fills long before the batch does where
/// prompts are long.
final class Prompts {
    private static final double MEMORY_SECONDS = 3600;
    private static final int FIRST = 20;
    private static final double LEAST = 0.5;
    private static final double MOST = 20;

    private double seconds = Double.NaN;
    private double before = Double.NaN;
    private double work;
    private double square;
    private int looks;

    /// @param work seconds of reading that arrived in the time since the observation before
    /// @param each seconds of reading of one prompt; not-a-number when none came
    void add(double work, double each, double time) {
        double share = Math.max(Math.min(1, time / MEMORY_SECONDS), 1.0 / (looks + FIRST));
        if (each > 0) {
            seconds = Double.isNaN(seconds) ? each : seconds + share * (each - seconds);
        }
        if (!Double.isNaN(before)) {
            double step = work - before;
            this.work += share * (work - this.work);
            square += share * (step * step / 2 - square);
            looks++;
        }
        before = work;
    }

    /// Seconds of one prompt on average; not-a-number before the first one.
    double seconds() {
        return seconds;
    }

    /// `(ca^2 + cs^2) / 2` of gaps between prompts and of their lengths, from how much more or less
    /// work one look brings than the look before: of random arrivals of equal prompts, one prompt's
    /// work times the mean.
    double variability() {
        double random = 2 * work * seconds;
        return looks < FIRST || !(random > 0) ? 1 : Math.clamp(square / random, LEAST, MOST);
    }
}
