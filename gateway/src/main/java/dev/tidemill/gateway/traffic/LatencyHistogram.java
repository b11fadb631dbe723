package dev.tidemill.gateway.traffic;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/// Counts durations in buckets whose bounds grow by the same factor, about a quarter, from 50 us to
/// 60 s: any quantile read from it is at most that wrong.
final class LatencyHistogram {
    private static final double FIRST_NANOS = 50e3;
    private static final double LAST_NANOS = 60e9;
    private static final int BOUNDS = 60;
    private static final long[] UPPER_NANOS = bounds();

    private final LongAdder[] counts = new LongAdder[BOUNDS + 1];

    LatencyHistogram() {
        Arrays.setAll(counts, _ -> new LongAdder());
    }

    /// Upper bounds, inclusive. One more bucket, for what is longer than the last, follows.
    static List<Long> upperNanos() {
        return LongStream.of(UPPER_NANOS).boxed().toList();
    }

    void record(long nanos) {
        int found = Arrays.binarySearch(UPPER_NANOS, nanos);
        counts[found >= 0 ? found : -found - 1].increment();
    }

    /// Per bucket, not cumulative.
    List<Long> counts() {
        return Arrays.stream(counts).map(LongAdder::sum).toList();
    }

    private static long[] bounds() {
        double factor = Math.pow(LAST_NANOS / FIRST_NANOS, 1.0 / (BOUNDS - 1));
        long[] bounds = new long[BOUNDS];
        Arrays.setAll(bounds, i -> Math.round(FIRST_NANOS * Math.pow(factor, i)));
        return bounds;
    }
}
