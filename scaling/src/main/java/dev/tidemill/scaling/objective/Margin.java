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

    private static final double DAY = 86_400;
    private static final double MEMORY_SECONDS = 1.5 * DAY;

    /// What the next share may be said of, at most.
    private static final double MOST_OWED = 60;

    private final Tuning tuning;
    private final double aim;
    private double lately;
    private double usual;
    private double off;
    private double usualRate;
    private double seen;
    private double owedRequests;
    private double owedSeconds;

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

    /// @param late share in the time since the observation before; not-a-number when nothing ended,
    ///   and then what came counts with the next that says something
    void learn(double late, double rate, double seconds) {
        if (!(rate >= 0) || !(seconds > 0)) {
            return;
        }
        // On the first day the mean of all that was seen, quiet moments too: taken from the first
        // look, which may be a second with three requests, it would be off for a day, and all that
        // is late with it.
        seen += seconds;
        usualRate += Math.max(Math.min(1, seconds / DAY), seconds / seen) * (rate - usualRate);
        owe(rate, seconds);
        if (owedRequests == 0 || Double.isNaN(late)) {
            return;
        }
        double weight = owedRequests / usualRate / MEMORY_SECONDS;
        lately += Math.min(1, weight) * (late - lately);
        off = Math.log(Math.max(lately, 1e-9) / aim);
        double day = owedSeconds / DAY;
        usual = Math.clamp(usual + SLOW * Math.clamp(off, -1, 1) * day, LEAST, MOST);
        owedRequests = 0;
        owedSeconds = 0;
    }

    /// So that looks of a second, in most of which nothing ends, come to the same as longer ones.
    private void owe(double rate, double seconds) {
        owedRequests += rate * seconds;
        owedSeconds += seconds;
        if (owedSeconds > MOST_OWED) {
            owedRequests *= MOST_OWED / owedSeconds;
            owedSeconds = MOST_OWED;
        }
    }
}
