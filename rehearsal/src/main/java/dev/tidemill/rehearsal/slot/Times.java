package dev.tidemill.rehearsal.slot;

import java.util.SplittableRandom;

/// Times by chance around a mean.
final class Times {
    private final double mean;
    private final double spread;
    private final double middle;
    private final double width;
    private final SplittableRandom random;

    /// @param spread standard deviation over mean
    Times(double mean, double spread, SplittableRandom random) {
        this.mean = mean;
        this.spread = spread;
        // Of a lognormal distribution with that mean and that deviation.
        double square = Math.log1p(spread * spread);
        this.middle = Math.log(mean) - square / 2;
        this.width = Math.sqrt(square);
        this.random = random;
    }

    double next() {
        if (spread == 0 || mean == 0) {
            return mean;
        }
        return spread == 1
                ? -mean * Math.log(1 - random.nextDouble())
                : Math.exp(middle + width * random.nextGaussian());
    }
}
