package dev.tidemill.scaling.objective;

/// Tells a burst from chance. If nothing has changed, then of all requests of the last minutes each
/// came in the last moments with the same chance, whatever their rate is: how many did is binomial,
/// and its tail is exact. It is asked of several lengths of "the last moments", because a live loop
/// looks every second, in which three requests mean nothing, and a flood shows at once.
final class Surge {
    /// How often a day random arrivals pass for a burst, at most.
    static final double FALSE_ALARMS_A_DAY = 0.1;

    /// Less is for the forecast, however sure.
    private static final double LEAST = 1.5;

    /// Moments in milliseconds, but for the last look itself.
    private static final long[] MOMENTS = {5_000, 15_000};

    /// Of moments that are shorter than this there are so many in a start-up that the busiest of
    /// them says more than is true: two deviations are taken off.
    private static final long SHORT = 15_000;

    private static final double DAY = 86_400_000;

    private final Demand demand;

    Surge(Demand demand) {
        this.demand = demand;
    }

    /// @param look milliseconds since the observation before
    /// @return requests a second that it surely is; 0 when it is none
    double rate(double level, long look) {
        if (look <= 0) {
            return 0;
        }
        double alarm = FALSE_ALARMS_A_DAY * look / DAY / (1 + MOMENTS.length);
        double rate = of(level, look, alarm);
        for (long moment : MOMENTS) {
            if (moment > look) {
                rate = Math.max(rate, of(level, moment, alarm));
            }
        }
        return rate;
    }

    private double of(double level, long moment, double alarm) {
        double seconds = moment / 1000.0;
        double came = demand.mean(moment) * seconds;
        if (!(came > LEAST * level * seconds)) {
            return 0;
        }
        long past = demand.levelMillis();
        double all = demand.mean(past) * past / 1000.0;
        // Counts are whole but for where a look is cut; that may only make it less of a burst.
        long now = (long) Math.floor(came + 1e-6);
        long before = (long) Math.ceil(Math.max(0, all - came) - 1e-6);
        double chance = (double) moment / past;
        if (moment >= past || Chance.atLeast(now, now + before, chance) > alarm) {
            return 0;
        }
        return moment < SHORT ? Math.max(0, came - 2 * Math.sqrt(came)) / seconds : came / seconds;
    }
}
