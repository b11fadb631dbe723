package dev.tidemill.routing.canary;

import java.util.Arrays;

/// How often each latency was seen, in buckets whose bounds grow by 5 %, from 50 us to about 75 s:
/// a quantile read from it is at most that wrong, and is never read too small.
public final class Latencies {
    /// How many buckets there are; the last one has no upper bound.
    public static final int BUCKETS = 293;

    public static final Latencies NONE = new Latencies(new long[BUCKETS]);

    private static final double FIRST_NANOS = 50e3;
    private static final double LOG_FACTOR = Math.log(1.05);

    private final long[] counts;
    private final long total;

    private Latencies(long[] counts) {
        this.counts = counts;
        this.total = Arrays.stream(counts).sum();
    }

    /// @param counts per bucket, [#BUCKETS] of them
    public static Latencies of(long[] counts) {
        if (counts.length != BUCKETS) {
            throw new IllegalArgumentException(
                    "latencies: '%d buckets' (expected: %d)".formatted(counts.length, BUCKETS));
        }
        return new Latencies(counts.clone());
    }

    /// The bucket that a latency belongs to.
    public static int bucketOf(long nanos) {
        if (nanos <= FIRST_NANOS) {
            return 0;
        }
        // A hair less, so that a bucket's own bound belongs to it in spite of rounding.
        double above = Math.log(nanos / FIRST_NANOS) / LOG_FACTOR - 1e-9;
        return Math.min(BUCKETS - 1, (int) Math.ceil(above));
    }

    /// Per bucket.
    public long[] counts() {
        return counts.clone();
    }

    public long total() {
        return total;
    }

    /// The upper bound of the bucket in which a quantile is; 0 when nothing was seen.
    public double quantile(double part) {
        return total == 0 ? 0 : upper(bucketHolding((long) Math.ceil(part * total)));
    }

    /// What a quantile of the distribution behind these is at most, but for a chance of `alpha`: an
    /// order statistic, which holds for every distribution. Infinite when too few were seen to say.
    double quantileAtMost(double part, double alpha) {
        long below = 0;
        for (int i = 0; i < BUCKETS - 1; i++) {
            below += counts[i];
            if (below > part * total && Binomial.atLeast(below, total, part) <= alpha) {
                return upper(i);
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /// How many were longer for certain: buckets that begin at it or above.
    long above(double nanos) {
        long above = 0;
        for (int i = BUCKETS - 1; i > 0 && upper(i - 1) >= nanos; i--) {
            above += counts[i];
        }
        return above;
    }

    private int bucketHolding(long nth) {
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts[i];
            if (seen >= nth) {
                return i;
            }
        }
        return BUCKETS - 1;
    }

    private static double upper(int bucket) {
        return FIRST_NANOS * Math.exp(bucket * LOG_FACTOR);
    }
}
