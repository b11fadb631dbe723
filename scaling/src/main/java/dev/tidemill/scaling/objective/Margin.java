package dev.tidemill.scaling.objective;

/// How many standard deviations of forecast error are added. It follows the late share of about the
/// last day and a half: above the promise it grows, below it shrinks, so that over days the late
/// share comes out as promised. Promising 1 % and delivering 0.01 % is paid for by somebody.
final class Margin {
    private static final double LEAST = -0.5;
    private static final double MOST = 6;

    /// Deviations for a late share that is e times what is aimed at.
    private static final double GAIN = 3;

    /// By how much a day the usual margin moves while the late share stays e times off: without it
    /// traffic that always needs more would always be a little later than promised.
    private static final double SLOW = 1;

    /// It aims below the promise, because it learns of a flood only afterwards.
    private static final double AIM = 0.65;

    private static final double MEMORY_SECONDS = 1.5 * 86_400;

    private final Tuning tuning;
    private final double aim;
    private double lately;
    private double usual;
    private double off;
    private double usualRate = Double.NaN;

    Margin(Objective objective, Tuning tuning) {
        this.tuning = tuning;
        this.aim = AIM * objective.late();
        this.lately = aim;
        this.usual = tuning.margin();
    }

    double deviations() {
        if (!tuning.learnsMargin()) {
            return tuning.margin();
        }
        return Math.clamp(usual + GAIN * off, LEAST, MOST);
    }

    /// @param late share in the time since the observation before
    void learn(double late, double rate, double seconds) {
        if (!(rate > 0) || Double.isNaN(late)) {
            return;
        }
        usualRate =
                Double.isNaN(usualRate)
                        ? rate
                        : usualRate + Math.min(1, seconds / 86_400) * (rate - usualRate);
        double weight = rate / usualRate * seconds / MEMORY_SECONDS;
        lately += Math.min(1, weight) * (late - lately);
        off = Math.log(Math.max(lately, 1e-9) / aim);
        double day = seconds / 86_400;
        usual = Math.clamp(usual + SLOW * Math.clamp(off, -1, 1) * day, LEAST, MOST);
    }
}
