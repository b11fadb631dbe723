package dev.tidemill.rehearsal;

import java.util.SplittableRandom;

/// What a policy sees of a minute's requests: evenly spread, or with a seed each of them in one of
/// the minute's steps by chance, so that the minute's count stays as recorded.
final class Arrivals {
    private final SplittableRandom random;
    private final boolean even;
    private final double[] steps;

    Arrivals(int steps, long seed) {
        this.steps = new double[steps];
        this.random = new SplittableRandom(seed);
        this.even = seed == 0;
    }

    void minute(double count) {
        double left = count;
        for (int i = 0; i < steps.length; i++) {
            int open = steps.length - i;
            steps[i] = even || open == 1 ? left / open : part(left, 1.0 / open);
            left -= steps[i];
        }
    }

    double of(int step) {
        return steps[step];
    }

    /// Of so many, each with this chance; by its normal approximation where that is good.
    private double part(double count, double chance) {
        if (count * chance > 20) {
            double spread = Math.sqrt(count * chance * (1 - chance));
            return Math.clamp(count * chance + spread * random.nextGaussian(), 0, count);
        }
        double taken = 0;
        double left = count;
        while (left >= 1) {
            taken += random.nextDouble() < chance ? 1 : 0;
            left--;
        }
        return taken + left * chance;
    }
}
