package dev.tidemill.scaling.objective;

import java.util.Arrays;

/// The day's usual curve, learned: mean rate by five minutes, working days and weekends apart. A
/// bucket that was never seen borrows from the other kind of day.
final class Seasons {
    private static final long DAY = 86_400_000L;
    private static final long BUCKET = 300_000L;
    private static final int BUCKETS = (int) (DAY / BUCKET);

    /// What a new day counts against all before it.
    private static final double NEWEST = 0.5;

    private final long zoneOffsetMillis;
    private final double[][] usual = new double[2][BUCKETS];
    private long open = Long.MIN_VALUE;
    private double sum;
    private int count;
    private long days;
    private long firstAt = Long.MIN_VALUE;

    Seasons(long zoneOffsetMillis) {
        this.zoneOffsetMillis = zoneOffsetMillis;
        Arrays.fill(usual[0], Double.NaN);
        Arrays.fill(usual[1], Double.NaN);
    }

    void add(long now, double rate) {
        if (firstAt == Long.MIN_VALUE) {
            firstAt = now;
        }
        days = (now - firstAt) / DAY;
        long bucket = Math.floorDiv(now - 1, BUCKET);
        if (bucket != open) {
            close();
            open = bucket;
        }
        sum += rate;
        count++;
    }

    private void close() {
        if (count > 0) {
            double[] kind = usual[kind(open * BUCKET)];
            int at = slot(open * BUCKET);
            double mean = sum / count;
            kind[at] = Double.isNaN(kind[at]) ? mean : kind[at] + NEWEST * (mean - kind[at]);
        }
        sum = 0;
        count = 0;
    }

    /// Whether a whole day was seen.
    boolean known() {
        return days >= 1;
    }

    /// Not smoothed over its neighbours: a class begins on the minute.
    ///
    /// @return not-a-number when nothing like this time was ever seen
    double usual(long at) {
        int kind = kind(at);
        double own = usual[kind][slot(at)];
        return Double.isNaN(own) ? usual[1 - kind][slot(at)] : own;
    }

    /// The highest of a stretch of time.
    double peak(long from, long to) {
        double peak = Double.NaN;
        for (long at = from; at <= to; at += BUCKET) {
            double each = usual(at);
            peak = Double.isNaN(peak) ? each : Double.isNaN(each) ? peak : Math.max(peak, each);
        }
        return peak;
    }

    private int slot(long at) {
        return (int) (Math.floorMod(at + zoneOffsetMillis, DAY) / BUCKET);
    }

    /// 1970-01-01 was a Thursday.
    private int kind(long at) {
        long weekday = Math.floorMod(Math.floorDiv(at + zoneOffsetMillis, DAY) + 3, 7L);
        return weekday >= 5 ? 1 : 0;
    }
}
