package dev.tidemill.rehearsal.token;

import java.util.Arrays;

/// Counts of durations in buckets of two percent each, from a tenth of a millisecond to a day.
final class Histogram {
    private static final double LEAST = 1e-4;
    private static final double STEP = Math.log(1.02);

    private final long[] buckets = new long[1050];
    private long count;

    void add(double seconds) {
        int at = seconds <= LEAST ? 0 : 1 + (int) (Math.log(seconds / LEAST) / STEP);
        buckets[Math.min(buckets.length - 1, at)]++;
        count++;
    }

    /// @return not-a-number when there is nothing
    double quantile(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        long rank = (long) Math.ceil(share * count);
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= rank) {
                return i == 0 ? 0 : LEAST * Math.exp((i - 0.5) * STEP);
            }
        }
        return LEAST * Math.exp(buckets.length * STEP);
    }

    void clear() {
        Arrays.fill(buckets, 0);
        count = 0;
    }
}
