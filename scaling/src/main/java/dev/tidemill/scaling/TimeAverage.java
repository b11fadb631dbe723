package dev.tidemill.scaling;

/// Means over the last while of values that each stand for the time since the one before. A value
/// counts for as much of its time as lies in the window. Memory is bounded by the longest window.
public final class TimeAverage {
    private final long keepMillis;

    /// Rings, whose length is a power of two.
    private long[] ends = new long[16];

    private double[] values = new double[16];
    private int first;
    private int size;
    private long begin = Long.MIN_VALUE;

    public TimeAverage(long keepMillis) {
        this.keepMillis = keepMillis;
    }

    /// @param value over the time from the last call until now; not-a-number when unknown
    public void add(long now, double value) {
        if (size == ends.length) {
            grow();
        }
        int at = (first + size) & (ends.length - 1);
        ends[at] = now;
        values[at] = value;
        size++;
        while (size > 1 && ends[(first + 1) & (ends.length - 1)] <= now - keepMillis) {
            begin = ends[first];
            first = (first + 1) & (ends.length - 1);
            size--;
        }
    }

    /// @return not-a-number when nothing is known of the window
    public double mean(long windowMillis) {
        if (size == 0) {
            return Double.NaN;
        }
        long end = ends[(first + size - 1) & (ends.length - 1)];
        long start = end - windowMillis;
        double sum = 0;
        double time = 0;
        double instant = Double.NaN;
        int mask = ends.length - 1;
        long until = end;
        for (int i = size - 1; i >= 0 && until >= start; i--) {
            int at = (first + i) & mask;
            long from = i > 0 ? ends[(at - 1) & mask] : begin;
            double value = values[at];
            if (!Double.isNaN(value)) {
                if (from == Long.MIN_VALUE || from == until) {
                    instant = Double.isNaN(instant) ? value : instant;
                } else {
                    double share = until - Math.max(from, start);
                    sum += value * share;
                    time += share;
                }
            }
            until = from;
        }
        return time > 0 ? sum / time : instant;
    }

    private void grow() {
        long[] moreEnds = new long[ends.length * 2];
        double[] moreValues = new double[ends.length * 2];
        for (int i = 0; i < size; i++) {
            moreEnds[i] = ends[(first + i) & (ends.length - 1)];
            moreValues[i] = values[(first + i) & (ends.length - 1)];
        }
        ends = moreEnds;
        values = moreValues;
        first = 0;
    }
}
