package dev.tidemill.rehearsal;

import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;

/// Requests counted by minute, without holes.
public final class MinuteTrace {
    private static final long MINUTE = 60_000;

    /// A hole longer than this is no trace of one service any more.
    private static final long LONGEST_HOLE = 7 * 24 * 60;

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd")
                    .appendPattern("[' ']['T']")
                    .appendPattern("HH:mm")
                    .optionalStart()
                    .appendPattern(":ss")
                    .optionalEnd()
                    .optionalStart()
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .optionalEnd()
                    .optionalStart()
                    .appendOffsetId()
                    .optionalEnd()
                    .toFormatter(Locale.ROOT);

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

    /// Reads lines of `minute,count`, with or without a header. Minutes are local times of the
    /// zone, or carry an offset of their own; seconds are cut off. Holes hold the count before them
    /// and are counted; anything else that is wrong is refused with its line.
    public static MinuteTrace parse(Iterator<String> lines, ZoneId zone) {
        return new Reader(zone).read(lines);
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

    private static final class Reader {
        private final ZoneId zone;
        private double[] counts = new double[1024];
        private int size;
        private int filled;
        private long start;
        private long line;

        Reader(ZoneId zone) {
            this.zone = zone;
        }

        MinuteTrace read(Iterator<String> lines) {
            while (lines.hasNext()) {
                String text = lines.next().strip();
                line++;
                boolean header = size == 0 && !text.isEmpty() && !Character.isDigit(text.charAt(0));
                if (!text.isEmpty() && !(header && line == 1)) {
                    row(text);
                }
            }
            if (size == 0) {
                throw new IllegalArgumentException(
                        "trace: no minutes in %d lines (expected: rows of minute,count)"
                                .formatted(line));
            }
            return new MinuteTrace(start, Arrays.copyOf(counts, size), filled);
        }

        private void row(String text) {
            int comma = text.indexOf(',');
            if (comma < 0) {
                throw wrong(text, "minute,count");
            }
            long at = minute(text.substring(0, comma).strip());
            double count = count(text.substring(comma + 1).strip());
            if (size == 0) {
                start = at;
            }
            long index = (at - start) / MINUTE;
            if (index < size) {
                throw wrong(text, "a minute after the one before; sort the file and sum doubles");
            }
            if (index - size > LONGEST_HOLE) {
                throw wrong(text, "no hole of more than a week");
            }
            while (size < index) {
                add(counts[size - 1]);
                filled++;
            }
            add(count);
        }

        private void add(double count) {
            if (size == counts.length) {
                counts = Arrays.copyOf(counts, size * 2);
            }
            counts[size++] = count;
        }

        private long minute(String text) {
            try {
                var parsed = TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
                long millis =
                        parsed instanceof OffsetDateTime own
                                ? own.toInstant().toEpochMilli()
                                : LocalDateTime.from(parsed)
                                        .atZone(zone)
                                        .toInstant()
                                        .toEpochMilli();
                return Math.floorDiv(millis, MINUTE) * MINUTE;
            } catch (DateTimeParseException _) {
                throw wrong(text, "a time such as 2026-11-21 09:00:00");
            }
        }

        private double count(String text) {
            double count;
            try {
                count = Double.parseDouble(text);
            } catch (NumberFormatException _) {
                throw wrong(text, "a count");
            }
            if (!(count >= 0) || Double.isInfinite(count)) {
                throw wrong(text, "a count that is a number, not negative and not infinite");
            }
            return count;
        }

        private IllegalArgumentException wrong(String text, String expected) {
            String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
            return new IllegalArgumentException(
                    "trace line %d: '%s' (expected: %s)".formatted(line, shown, expected));
        }
    }
}
