package dev.tidemill.scaling.objective;

/// How likely chance alone is, exactly.
final class Chance {
    /// From here on Stirling's series has all digits that matter.
    private static final int SERIES = 16;

    private static final double NOTHING = 1e-17;

    private Chance() {}

    /// Of so many that each come with this chance, that at least so many come.
    static double atLeast(long least, long of, double chance) {
        if (least <= 0) {
            return 1;
        }
        if (least > of || chance <= 0) {
            return 0;
        }
        if (chance >= 1) {
            return 1;
        }
        double odds = chance / (1 - chance);
        double term =
                Math.exp(
                        logFactorial(of)
                                - logFactorial(least)
                                - logFactorial(of - least)
                                + least * Math.log(chance)
                                + (of - least) * Math.log1p(-chance));
        double sum = 0;
        for (long k = least; k <= of; k++) {
            sum += term;
            if (k > of * chance && term < NOTHING * sum) {
                break;
            }
            term *= (of - k) / (k + 1.0) * odds;
        }
        return Math.min(1, sum);
    }

    private static double logFactorial(long n) {
        double of = (double) n;
        if (n < SERIES) {
            double product = 1;
            for (double i = 2; i <= of; i++) {
                product *= i;
            }
            return Math.log(product);
        }
        double square = of * of;
        return (of + 0.5) * Math.log(of)
                - of
                + 0.5 * Math.log(2 * Math.PI)
                + (1 / 12.0 - (1 / 360.0 - 1 / (1260.0 * square)) / square) / of;
    }
}
