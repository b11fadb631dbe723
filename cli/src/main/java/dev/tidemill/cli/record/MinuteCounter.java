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
        } else {
            // A total that went back is another gateway's: it counts from its start.
            double grown = total >= before ? total - before : total;
            whole &= atMillis - readAt <= HOLE && atMillis >= readAt;
            if (now != minute) {
                Optional<String> line = line(grown);
                boolean follows = now == minute + 1 && atMillis - readAt <= HOLE;
                begin(now, follows);
                count = 0;
                readAt = atMillis;
                before = total;
                return line;
            }
            count += grown;
        }
        readAt = atMillis;
        before = total;
        return Optional.empty();
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
