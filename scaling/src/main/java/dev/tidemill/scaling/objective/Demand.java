package dev.tidemill.scaling.objective;

import dev.tidemill.scaling.TimeAverage;
import java.util.Arrays;

/// Forecasts the rate of arrivals over a horizon from many simple guesses: means over short and
/// long pasts, each of them as it is and carried along the usual day's curve, and two trends. Each
/// is weighed by how wrong it was lately at this very horizon, so what counts as noise and what as
/// news, and whether there is a season at all, is learned from the traffic itself.
final class Demand {
    /// Pasts in seconds: what a guess has mostly seen.
    private static final double[] PASTS = {45, 120, 300, 720, 1800};

    private static final int LEVELS = PASTS.length;
    private static final int MIDDLE = 2;
    private static final int TRENDS = 2;
    private static final int GUESSES = 2 * LEVELS + TRENDS;

    /// Requests that a level is averaged over, where that takes neither less than a minute nor more
    /// than twelve: a few are chance, and chasing it costs more than it serves.
    private static final double SAMPLE = 400;

    private static final long SHORTEST = 60_000;
    private static final long LONGEST = 720_000;
    private static final long RECENT = 120_000;

    /// For how long the guesses' errors count: days, because a season shows its worth at its turns.
    private static final double JUDGED = 2 * 86_400_000.0;

    /// For how long errors count for the spread.
    private static final double SPREAD = 6 * 3_600_000.0;

    /// At the beginning what was measured counts by how long that took instead.
    private static final double FIRST = 300_000;

    /// Standard deviations of a count that chance is taken for.
    private static final double CHANCE = 2;

    private static final double FIRST_LOOK = 1;

    private static final double TREND_DAMPING = 0.6;

    /// Requests a second below which there are none.
    private static final double LEAST = 1e-3;

    /// What the spread's square is taken for before anything was judged.
    private static final double UNKNOWN = 0.05;

    /// Times the level that a forecast may be.
    private static final double MOST = 4;

    private final TimeAverage rates = new TimeAverage(LONGEST);
    private final Seasons seasons;
    private final Pending pending = new Pending(GUESSES + 1);
    private final double[] levels = new double[LEVELS];
    private final double[] usuals = new double[LEVELS];
    private final double[] shares = new double[LEVELS];
    private double sharesOf;
    private final double[] guesses = new double[GUESSES];
    private final double[] squares = new double[GUESSES];
    private double spreadSquare = Double.NaN;
    private double lastLevel;
    private long levelMillis;
    private long firstAt = Long.MIN_VALUE;
    private long lastAt;
    private double judged;
    private double came;

    Demand(long zoneOffsetMillis) {
        this.seasons = new Seasons(zoneOffsetMillis);
        Arrays.fill(squares, 1);
        // Before anything is known a past of some minutes counts most.
        squares[MIDDLE] = 0.5;
    }

    /// @param rate requests a second since the observation before
    /// @param flight requests that are somewhere now; not-a-number where nobody counts them
    Forecast add(long now, double rate, double flight, long horizonMillis) {
        rates.add(now, rate);
        seasons.add(now, rate);
        double level = level(now);
        double sure = sure(now, rate, flight);
        follow(now, rate);
        guess(now, horizonMillis);
        double expected = 0;
        double seasonal = 0;
        double sum = 0;
        double best = Double.POSITIVE_INFINITY;
        for (double square : squares) {
            best = Math.min(best, square);
        }
        for (int i = 0; i < GUESSES; i++) {
            double near = best / squares[i];
            double cube = near * near * near;
            double weight = cube * cube;
            expected += weight * guesses[i];
            seasonal += i >= LEVELS && i < 2 * LEVELS ? weight : 0;
            sum += weight;
        }
        expected = sure * Math.min(expected / sum, MOST * level);
        double spread = spread(expected);
        // What this observation says of the guesses' worth counts from the next one on, so that
        // more demand never leads to a lower forecast.
        settle(now);
        if (now - firstAt >= SHORTEST) {
            // What is said after a few seconds is a guess from nothing, and no measure of any.
            pending.add(now + horizonMillis, guesses, expected);
        }
        lastLevel = level;
        lastAt = now;
        return new Forecast(
                level,
                Math.max(sure * level, expected),
                spread,
                seasons.known() ? seasonal / sum : 0,
                sure);
    }

    /// How much of what came in the first minute is more than chance: two requests in the first
    /// second are no two a second, and what is ordered for them stays for two start-ups. Whoever
    /// loses their memory, as at every restart, would pay for that; what runs is held anyway.
    private double sure(long now, double rate, double flight) {
        if (firstAt != Long.MIN_VALUE && now - firstAt >= SHORTEST) {
            return 1;
        }
        // How long the first look took is not known: a live loop's takes a second.
        came += rate * (firstAt == Long.MIN_VALUE ? FIRST_LOOK : (now - lastAt) / 1000.0);
        double count = flight > came ? flight : came;
        return count > 0 ? Math.max(0, 1 - CHANCE / Math.sqrt(count)) : 0;
    }

    /// The rate of the last two minutes: what is answered at once, forecast or not.
    double recent() {
        return rates.mean(RECENT);
    }

    /// The mean rate of the last while.
    double mean(long windowMillis) {
        return rates.mean(windowMillis);
    }

    /// Of how long a past the level was taken the last time, as far as it is known.
    long levelMillis() {
        return levelMillis;
    }

    /// What such times were like, at their busiest; not-a-number without a day of history.
    double usualPeak(long now, long horizonMillis) {
        return seasons.known() ? seasons.peak(now, now + horizonMillis) : Double.NaN;
    }

    private double level(long now) {
        double window = lastLevel > 0 ? SAMPLE / lastLevel * 1000 : LONGEST;
        long past = (long) Math.clamp(window, SHORTEST, LONGEST);
        levelMillis = firstAt == Long.MIN_VALUE ? 0 : Math.min(past, now - firstAt);
        return rates.mean(past);
    }

    private void follow(long now, double rate) {
        if (firstAt == Long.MIN_VALUE) {
            firstAt = now;
            Arrays.fill(levels, rate);
            return;
        }
        double seconds = (now - lastAt) / 1000.0;
        double age = (now - firstAt) / 1000.0;
        if (seconds <= 0) {
            return;
        }
        shares(seconds);
        double usual = seasons.known() ? seasons.usual(now) : Double.NaN;
        for (int i = 0; i < LEVELS; i++) {
            // While there was less than such a past, all of it counts alike.
            levels[i] += Math.max(shares[i], seconds / (age + seconds)) * (rate - levels[i]);
            if (usual >= 0) {
                usuals[i] += (usuals[i] == 0 ? 1 : shares[i]) * (usual - usuals[i]);
            }
        }
    }

    private void shares(double seconds) {
        if (seconds != sharesOf) {
            sharesOf = seconds;
            for (int i = 0; i < LEVELS; i++) {
                shares[i] = 1 - Math.exp(-seconds / PASTS[i]);
            }
        }
    }

    private void guess(long now, long horizon) {
        double there = seasons.known() ? seasons.usual(now + horizon) : Double.NaN;
        for (int i = 0; i < LEVELS; i++) {
            guesses[i] = levels[i];
            guesses[LEVELS + i] =
                    there > 0 && usuals[i] > 0
                            ? levels[i] * Math.clamp(there / usuals[i], 0.4, 4)
                            : levels[i];
        }
        guesses[2 * LEVELS] = trend(0, 1, horizon);
        guesses[2 * LEVELS + 1] = trend(1, 3, horizon);
    }

    /// A line through a short and a long past, which lie as far back as they are long.
    private double trend(int fresh, int both, long horizon) {
        double slope = (levels[fresh] - levels[both]) / (PASTS[both] - PASTS[fresh]);
        double ahead = PASTS[fresh] + horizon / 1000.0;
        return Math.clamp(
                levels[fresh] + TREND_DAMPING * slope * ahead,
                levels[fresh] * 0.5,
                levels[fresh] * 2 + 1e-9);
    }

    /// Compares what was expected of now with what is. Errors are taken relative to the square root
    /// of the rate to the power of 1.5: between counting noise and proportional error.
    private void settle(long now) {
        double actual = rates.mean(SHORTEST);
        while (pending.due(now)) {
            double expected = pending.value(GUESSES);
            double unit = unit(expected);
            judged += now - lastAt;
            double forget = forget(now - lastAt, JUDGED);
            for (int i = 0; i < GUESSES; i++) {
                double error = actual - pending.value(i);
                squares[i] += forget * (error * error / unit - squares[i]);
            }
            if (expected < LEAST) {
                // Nothing was known, or nobody came: measured by such a forecast any error is
                // endless, and would count for hours.
                pending.drop();
                continue;
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
        double square = Double.isNaN(spreadSquare) ? UNKNOWN : Math.max(spreadSquare, 1e-4);
        return Math.sqrt(square * unit(expected));
    }

    private double forget(long millis, double memory) {
        return Math.max(Math.min(1, millis / memory), millis / (judged + FIRST));
    }

    private double ceiling() {
        return Double.isNaN(spreadSquare)
                ? Double.POSITIVE_INFINITY
                : 9 * Math.max(spreadSquare, 1e-4);
    }

    private static double unit(double rate) {
        double floored = Math.max(rate, LEAST);
        return floored * Math.sqrt(floored);
    }
}
