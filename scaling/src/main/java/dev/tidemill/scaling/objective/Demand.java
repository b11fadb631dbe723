package dev.tidemill.scaling.objective;

import dev.tidemill.scaling.TimeAverage;

/// Forecasts the rate of arrivals over a horizon from three guesses: as now, as the trend goes, as
/// the usual day goes from here. Each is weighed by how wrong it was lately at this very horizon,
/// so a season counts only where history supports it.
final class Demand {
    private static final int GUESSES = 3;

    /// Requests that a level is averaged over, where that takes neither less than a minute nor more
    /// than twelve: a few are chance, and chasing it costs more than it serves.
    private static final double SAMPLE = 400;

    private static final long SHORTEST = 60_000;
    private static final long LONGEST = 720_000;
    private static final long RECENT = 120_000;
    private static final long TREND = 300_000;

    /// For how long the guesses' errors count: days, because a season shows its worth at its turns.
    private static final double JUDGED = 2 * 86_400_000.0;

    /// For how long errors count for the spread.
    private static final double SPREAD = 6 * 3_600_000.0;

    /// At the beginning what was measured counts by its number instead.
    private static final int FIRST = 20;

    private static final double TREND_DAMPING = 0.6;

    private final TimeAverage rates = new TimeAverage(LONGEST);
    private final Seasons seasons;
    private final Pending pending = new Pending(GUESSES + 1);
    private final double[] squares = {1, 1.2, 1.5};
    private double spreadSquare = Double.NaN;
    private double lastLevel;
    private long lastAt;
    private long judged;

    Demand(long zoneOffsetMillis) {
        this.seasons = new Seasons(zoneOffsetMillis);
    }

    /// @param rate requests a second since the observation before
    Forecast add(long now, double rate, long horizonMillis) {
        rates.add(now, rate);
        seasons.add(now, rate);
        double level = level();
        double[] guesses = guesses(now, level, horizonMillis);
        double[] weights = weights();
        double expected = 0;
        for (int i = 0; i < GUESSES; i++) {
            expected += weights[i] * guesses[i];
        }
        double spread = spread(expected);
        // What this observation says of the guesses' worth counts from the next one on, so that
        // more demand never leads to a lower forecast.
        settle(now);
        pending.add(now + horizonMillis, guesses, expected);
        lastLevel = level;
        lastAt = now;
        return new Forecast(level, Math.max(level, expected), spread, weights[2]);
    }

    /// The rate of the last two minutes: what is answered at once, forecast or not.
    double recent() {
        return rates.mean(RECENT);
    }

    /// What such times were like, at their busiest; not-a-number without a day of history.
    double usualPeak(long now, long horizonMillis) {
        return seasons.known() ? seasons.peak(now, now + horizonMillis) : Double.NaN;
    }

    private double level() {
        double window = lastLevel > 0 ? SAMPLE / lastLevel * 1000 : LONGEST;
        return rates.mean((long) Math.clamp(window, SHORTEST, LONGEST));
    }

    private double[] guesses(long now, double level, long horizon) {
        double fresh = rates.mean(TREND);
        double both = rates.mean(2 * TREND);
        double slope = 2 * (fresh - both) / TREND;
        double trend =
                Math.clamp(level + TREND_DAMPING * slope * horizon, level * 0.5, level * 2 + 1e-9);
        double seasonal = level;
        if (seasons.known()) {
            double here = seasons.usual(now);
            double there = seasons.usual(now + horizon);
            if (here > 0 && there > 0) {
                seasonal = level * Math.clamp(there / here, 0.4, 4);
            }
        }
        return new double[] {level, trend, seasonal};
    }

    private double[] weights() {
        double[] weights = new double[GUESSES];
        double sum = 0;
        for (int i = 0; i < GUESSES; i++) {
            double usable = i == 2 && !seasons.known() ? 0 : 1;
            weights[i] = usable / (squares[i] * squares[i]);
            sum += weights[i];
        }
        for (int i = 0; i < GUESSES; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /// Compares what was expected of now with what is. Errors are taken relative to the square root
    /// of the rate to the power of 1.5: between counting noise and proportional error.
    private void settle(long now) {
        double actual = rates.mean(SHORTEST);
        while (pending.due(now)) {
            double expected = pending.value(GUESSES);
            double unit = unit(expected);
            judged++;
            double forget = forget(now - lastAt, JUDGED);
            for (int i = 0; i < GUESSES; i++) {
                double error = actual - pending.value(i);
                squares[i] += forget * (error * error / unit - squares[i]);
            }
            double error = actual - expected;
            // A flood is no measure of the usual error: it counts as three times that at most.
            double square = Math.min(error * error / unit, ceiling());
            spreadSquare =
                    Double.isNaN(spreadSquare)
                            ? square
                            : spreadSquare + forget(now - lastAt, SPREAD) * (square - spreadSquare);
            pending.drop();
        }
    }

    private double spread(double expected) {
        double square = Double.isNaN(spreadSquare) ? 0.05 : Math.max(spreadSquare, 1e-4);
        return Math.sqrt(square * unit(expected));
    }

    private double forget(long millis, double memory) {
        return Math.max(Math.min(1, millis / memory), 1.0 / (judged + FIRST));
    }

    private double ceiling() {
        return Double.isNaN(spreadSquare)
                ? Double.POSITIVE_INFINITY
                : 9 * Math.max(spreadSquare, 1e-4);
    }

    private static double unit(double rate) {
        double floored = Math.max(rate, 1e-3);
        return floored * Math.sqrt(floored);
    }

    /// Forecasts whose time has not come.
    private static final class Pending {
        private final int width;
        private long[] times = new long[64];
        private double[] values;
        private int first;
        private int size;

        Pending(int width) {
            this.width = width;
            this.values = new double[64 * width];
        }

        void add(long at, double[] guesses, double expected) {
            if (size == times.length) {
                grow();
            }
            int slot = (first + size) % times.length;
            times[slot] = at;
            System.arraycopy(guesses, 0, values, slot * width, width - 1);
            values[slot * width + width - 1] = expected;
            size++;
        }

        boolean due(long now) {
            return size > 0 && times[first] <= now;
        }

        double value(int column) {
            return values[first * width + column];
        }

        void drop() {
            first = (first + 1) % times.length;
            size--;
        }

        private void grow() {
            long[] moreTimes = new long[times.length * 2];
            double[] moreValues = new double[values.length * 2];
            for (int i = 0; i < size; i++) {
                int from = (first + i) % times.length;
                moreTimes[i] = times[from];
                System.arraycopy(values, from * width, moreValues, i * width, width);
            }
            times = moreTimes;
            values = moreValues;
            first = 0;
        }
    }
}
