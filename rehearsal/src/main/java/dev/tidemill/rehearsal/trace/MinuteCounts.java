package dev.tidemill.rehearsal.trace;

import java.util.Arrays;

/// Counts by minute that grow at both ends.
final class MinuteCounts {
    private static final long MINUTE = 60_000;
    private static final int LONGEST = 10 * 366 * 1440;

    private long first = Long.MIN_VALUE;
    private double[] counts = new double[1024];
    private int size;

    /// @return false when the trace would be longer than ten years
    boolean add(long minute, double amount) {
        if (size == 0) {
            first = minute;
        }
        if (minute < first) {
            long more = first - minute;
            if (size + more > LONGEST) {
                return false;
            }
            double[] shifted = new double[(int) (size + more)];
            System.arraycopy(counts, 0, shifted, (int) more, size);
            counts = shifted;
            size += (int) more;
            first = minute;
        }
        long index = minute - first;
        if (index >= LONGEST) {
            return false;
        }
        if (index >= counts.length) {
            counts =
                    Arrays.copyOf(
                            counts,
                            (int) Math.min(LONGEST, Math.max(index + 1, counts.length * 2L)));
        }
        counts[(int) index] += amount;
        size = Math.max(size, (int) index + 1);
        return true;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long startMillis() {
        return first * MINUTE;
    }

    double[] counts() {
        return Arrays.copyOf(counts, size);
    }
}
