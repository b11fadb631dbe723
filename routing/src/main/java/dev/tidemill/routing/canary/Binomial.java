package dev.tidemill.routing.canary;

/// Exact bounds of a chance, by how often it came true (Clopper and Pearson, 1934): true for every
/// number of tries, however small.
final class Binomial {
    private static final double TINY = 1e-300;
    private static final double PRECISION = 1e-12;
    private static final int BISECTIONS = 60;

    private Binomial() {}

    /// What the chance is at least, but for a chance of `alpha`.
    static double lower(long hits, long tries, double alpha) {
        if (hits <= 0) {
            return 0;
        }
        double low = 0;
        double high = (double) hits / tries;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (atLeast(hits, tries, middle) < alpha) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// What the chance is at most, but for a chance of `alpha`; 1 when nothing was tried.
    static double upper(long hits, long tries, double alpha) {
        return hits >= tries ? 1 : 1 - lower(tries - hits, tries, alpha);
    }

    /// The chance of at least so many hits.
    static double atLeast(long hits, long tries, double chance) {
        if (hits <= 0 || chance >= 1) {
            return 1;
        }
        return hits > tries || chance <= 0
                ? 0
                : incompleteBeta((double) hits, (double) tries - hits + 1, chance);
    }

    /// Regularised, by its continued fraction (DLMF 8.17.22), evaluated by Lentz's method where it
    /// converges quickly and by symmetry elsewhere.
    private static double incompleteBeta(double a, double b, double x) {
        if (x > (a + 1) / (a + b + 2)) {
            return 1 - incompleteBeta(b, a, 1 - x);
        }
        double front =
                Math.exp(
                        logGamma(a + b)
                                - logGamma(a)
                                - logGamma(b)
                                + a * Math.log(x)
                                + b * Math.log1p(-x));
        double c = 1;
        double d = 1 / away(1 - (a + b) * x / (a + 1));
        double fraction = d;
        for (int m = 1; m < 10_000; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / away(1 + even * d);
            c = away(1 + even / c);
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / away(1 + odd * d);
            c = away(1 + odd / c);
            fraction *= d * c;
            if (Math.abs(d * c - 1) < PRECISION) {
                break;
            }
        }
        return front * fraction / a;
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    /// Stirling's series, after as many steps of the recurrence as make it good to 1e-13.
    private static double logGamma(double x) {
        double product = 1;
        double shifted = x;
        while (shifted < 12) {
            product *= shifted;
            shifted++;
        }
        double square = shifted * shifted;
        double series = (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / shifted;
        return (shifted - 0.5) * Math.log(shifted)
                - shifted
                + Math.log(2 * Math.PI) / 2
                + series
                - Math.log(product);
    }
}
