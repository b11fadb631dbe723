package dev.tidemill.rehearsal;

import java.util.Arrays;
import java.util.SplittableRandom;

/// What a policy sees of a minute's requests: evenly spread, or with a seed each of them in one of
/// the minute's steps by chance, so that the minute's count stays as recorded.
final class Arrivals {
    /// Different numbers below 1 that chance gives.
    private static final double NUMBERS = 0x1p53;

    /// So many in a step are as good as normally distributed.
    private static final double FEW = 20;

    private final SplittableRandom random;
    private final boolean even;
    private final double[] steps;

    Arrivals(int steps, long seed) {
        this.steps = new double[steps];
        this.random = new SplittableRandom(seed);
        this.even = seed == 0;
    }

    void minute(double count) {
        if (!even && count <= FEW * steps.length) {
            thrown(count);
            return;
        }
        double left = count;
        for (int i = 0; i < steps.length; i++) {
            int open = steps.length - i;
            steps[i] = even || open == 1 ? left / open : part(left, 1.0 / open);
            left -= steps[i];
        }
    }

    /// Each request into one of the steps; of a broken one everywhere the same.
    private void thrown(double count) {
        int whole = (int) count;
        Arrays.fill(steps, (count - whole) / steps.length);
        for (int i = 0; i < whole; i++) {
            steps[(int) (((random.nextInt() & 0xffffffffL) * steps.length) >>> 32)]++;
        }
    }

    double of(int step) {
        return steps[step];
    }

    /// Of so many, each with this chance; by its normal approximation where that is good.
    private double part(double count, double chance) {
        if (count * chance > FEW) {
            double spread = Math.sqrt(count * chance * (1 - chance));
            return Math.clamp(count * chance + spread * random.nextGaussian(), 0, count);
        }
        int whole = (int) count;
        return taken(whole, chance) + (count - whole) * chance;
    }

    /// As if each were compared as a number below 1, which takes twice as long.
    private int taken(int whole, double chance) {
        long below = (long) Math.ceil(chance * NUMBERS);
        int taken = 0;
        for (int i = 0; i < whole; i++) {
            // Without a branch, which would be guessed wrong once in every step.
            taken += (int) (((random.nextLong() >>> 11) - below) >>> 63);
        }
        return taken;
    }
}
