package dev.tidemill.scaling.objective;

/// How many standard deviations of forecast error are added. It rises with every late request and
/// falls slowly while there are none, so that over days the late share comes out as promised:
/// promising 1 % and delivering 0.01 % is paid for by somebody.
final class Margin {
    private static final double LEAST = -0.5;
    private static final double MOST = 4;

    /// A minute at the promised share moves nothing; one without late requests this much down.
    private static final double STEP = 0.003;

    /// What no margin would have caught, a flood from one minute to the next, must not raise it for
    /// days: a minute counts as ten times the promise at most, and the rest is left room for.
    private static final double LARGEST = 10;

    private static final double ROOM = 0.5;

    private final Objective objective;
    private final boolean learns;
    private double deviations;
    private double usualRate = Double.NaN;

    Margin(Objective objective, Tuning tuning) {
        this.objective = objective;
        this.learns = tuning.learnsMargin();
        this.deviations = tuning.margin();
    }

    double deviations() {
        return deviations;
    }

    /// @param late share in the time since the observation before
    void learn(double late, double rate, double seconds) {
        if (!learns || !(rate > 0) || Double.isNaN(late)) {
            return;
        }
        usualRate =
                Double.isNaN(usualRate)
                        ? rate
                        : usualRate + Math.min(1, seconds / 86_400) * (rate - usualRate);
        double weight = Math.min(4, rate / usualRate) * Math.min(5, seconds / 60);
        double surplus = Math.min(LARGEST, late / (ROOM * objective.late())) - 1;
        deviations = Math.clamp(deviations + STEP * weight * surplus, LEAST, MOST);
    }
}
