package dev.tidemill.rehearsal;

import java.util.Arrays;

/// Requests counted by minute, without holes.
public final class MinuteTrace {
    private static final long MINUTE = 60_000;

    private final long startMillis;
    private final double[] counts;
    private final int filled;

    private MinuteTrace(long startMillis, double[] counts, int filled) {
        this.startMillis = startMillis;
        this.counts = counts;
        this.filled = filled;
    }

    public static MinuteTrace of(long startMillis, double... counts) {
        return new MinuteTrace(startMillis, counts.clone(), 0);
    }

    /// @param filled minutes that the source left out
    public static MinuteTrace filled(long startMillis, int filled, double... counts) {
        return new MinuteTrace(startMillis, counts.clone(), filled);
    }

    public long startMillis() {
        return startMillis;
    }

    public int minutes() {
        return counts.length;
    }

    public double count(int minute) {
        return counts[minute];
    }

    /// Minutes that the source left out: they hold the count before them.
    public int filled() {
        return filled;
    }

    /// Part of it, by minutes.
    public MinuteTrace slice(int from, int to) {
        return new MinuteTrace(
                startMillis + from * MINUTE, Arrays.copyOfRange(counts, from, to), 0);
    }

    /// The same with some minutes at a multiple of what they had.
    public MinuteTrace scaled(int from, int to, double factor) {
        double[] changed = counts.clone();
        for (int i = Math.max(0, from); i < Math.min(to, counts.length); i++) {
            changed[i] *= factor;
        }
        return new MinuteTrace(startMillis, changed, filled);
    }

    /// Requests altogether.
    public double sum() {
        return Arrays.stream(counts).sum();
    }
}
