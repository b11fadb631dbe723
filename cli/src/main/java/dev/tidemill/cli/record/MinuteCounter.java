package dev.tidemill.cli.record;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/// Turns readings of a growing count into lines of `minute,count`. Only whole minutes become lines:
/// one that was begun late, or that has a hole, is left out, and a rehearsal says so. Pure.
final class MinuteCounter {
    private static final long MINUTE = 60_000;

    /// Readings further apart leave a hole.
    private static final long HOLE = 5_000;

    /// Below this share of what it was, a total is another gateway's.
    private static final double RESTARTED = 0.5;

    private long minute = Long.MIN_VALUE;
    private double count;
    private boolean whole;
    private long readAt;
    private double before;
    private int lines;

    /// @param total requests that have begun since the gateway's start
    /// @return the line of the minute that has just ended, if it is whole
    Optional<String> read(long atMillis, double total) {
        long now = Math.floorDiv(atMillis, MINUTE);
        if (minute == Long.MIN_VALUE) {
            // A reading in a minute's first second stands for its beginning.
            begin(now, atMillis - now * MINUTE < 1_500);
            readAt = atMillis;
            before = total;
            return Optional.empty();
        }
        boolean near = atMillis >= readAt && atMillis - readAt <= HOLE;
        // A total that fell far is another gateway's: it counts from its start. One that fell a
        // little is the same one's: what ends is for a moment in neither of its two counts.
        boolean same = total >= before * RESTARTED;
        double grown = same ? Math.max(0, total - before) : total;
        whole &= near;
        readAt = atMillis;
        before = near && same ? Math.max(before, total) : total;
        if (now == minute) {
            count += grown;
            return Optional.empty();
        }
        Optional<String> line = line(grown);
        begin(now, now == minute + 1 && near);
        return line;
    }

    int lines() {
        return lines;
    }

    private void begin(long now, boolean fromTheStart) {
        minute = now;
        whole = fromTheStart;
        count = 0;
    }

    /// What came between the last reading of a minute and the first of the next is the old one's: a
    /// second at most.
    private Optional<String> line(double last) {
        if (!whole) {
            return Optional.empty();
        }
        lines++;
        Instant start = Instant.ofEpochMilli(minute * MINUTE).truncatedTo(ChronoUnit.MINUTES);
        return Optional.of(String.format(Locale.ROOT, "%s,%.0f", start, count + last));
    }
}
