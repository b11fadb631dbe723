package dev.tidemill.rehearsal.trace;

import dev.tidemill.rehearsal.trace.TraceOptions.Unit;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// Times as logs write them: ISO 8601 with or without an offset, the web's common log format,
/// numbers since 1970 or since the trace began. Millions are read, so the usual form is read by
/// hand, and the offset of a zone is looked up once an hour.
final class Times {
    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");
    private static final String EXPECTED =
            "a time such as 2026-11-21 09:00:00, 2026-11-21T09:00:00+08:00 or 1795255200";
    private static final int NONE = Integer.MIN_VALUE;

    /// Logs are out of order by seconds; clocks that go back do so by an hour.
    private static final double SURELY_BACK = 1_800_000;

    private final ZoneId zone;
    private Unit unit;
    private boolean relative;
    private double last = Double.NEGATIVE_INFINITY;
    private long cachedHour = Long.MIN_VALUE;
    private List<ZoneOffset> cachedOffsets = List.of();
    private int withOffset;
    private int withoutOffset;
    private int repeatedHours;
    private int at;
    private int offsetSeconds;

    Times(ZoneId zone, Unit unit) {
        this.zone = zone;
        this.unit = unit;
    }

    /// A refusal without its line.
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String expected) {
            super(expected, null, false, false);
        }

        String expected() {
            return String.valueOf(getMessage());
        }
    }

    /// Whether a first line's cell is a time rather than the name of a column.
    static boolean looksLikeTime(String text) {
        int from = text.startsWith("[") || text.startsWith("-") ? 1 : 0;
        return text.length() > from && Character.isDigit(text.charAt(from));
    }

    Unit unit() {
        return unit;
    }

    /// Whether times count from the beginning of the trace instead of from 1970.
    boolean relative() {
        return relative;
    }

    int repeatedHours() {
        return repeatedHours;
    }

    /// @param columns whose names tell the unit of numbers
    double millis(String text, Columns columns) throws Unreadable {
        double millis = plainNumber(text) ? number(text, columns) : dated(text);
        last = Math.max(last, millis);
        return millis;
    }

    private static boolean plainNumber(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean number = (c >= '0' && c <= '9') || ".+eE".indexOf(c) >= 0;
            if (!number && !(c == '-' && (i == 0 || "eE".indexOf(text.charAt(i - 1)) >= 0))) {
                return false;
            }
        }
        return true;
    }

    private double number(String text, Columns columns) throws Unreadable {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw new Unreadable(EXPECTED);
        }
        if (!(value >= 0) || value > 4e18) {
            throw new Unreadable("a time that is not negative");
        }
        if (unit == Unit.AUTO) {
            unit = decided(value, columns);
            relative = value * unit.millis() < 1e11;
        }
        return value * unit.millis();
    }

    /// As the name says; else by size when it is of our days, as is usual otherwise.
    private static Unit decided(double value, Columns columns) {
        if (columns.stated() != Unit.AUTO) {
            return columns.stated();
        }
        if (value < 1e8) {
            return columns.usual();
        }
        return value >= 1e17
                ? Unit.NANOS
                : value >= 1e14 ? Unit.MICROS : value >= 1e11 ? Unit.MILLIS : Unit.SECONDS;
    }

    private double dated(String text) throws Unreadable {
        at = text.startsWith("[") ? 1 : 0;
        try {
            int first = digits(text, 1, 4);
            return text.charAt(at) == '/' && first <= 31 ? common(text, first) : iso(text, first);
        } catch (DateTimeException | StringIndexOutOfBoundsException _) {
            throw new Unreadable(EXPECTED);
        }
    }

    /// `1995-07-01 00:00[:01[.5]][Z|+01:00]`, with `/` for `-` too.
    private double iso(String text, int year) throws Unreadable {
        char between = text.charAt(at);
        if (between != '-' && between != '/') {
            throw new Unreadable(EXPECTED);
        }
        at++;
        int month = digits(text, 1, 2);
        expect(text, between);
        int day = digits(text, 1, 2);
        if (at == text.length()) {
            return placed(year, month, day, 0, 0, 0, NONE);
        }
        char gap = text.charAt(at++);
        if (gap != ' ' && gap != 'T' && gap != 't') {
            throw new Unreadable(EXPECTED);
        }
        return clock(text, year, month, day);
    }

    /// `01/Jul/1995:00:00:01 -0400`.
    private double common(String text, int day) throws Unreadable {
        at++;
        int month = MONTHS.indexOf(text.substring(at, at + 3).toLowerCase(Locale.ROOT)) + 1;
        at += 3;
        expect(text, '/');
        int year = digits(text, 4, 4);
        expect(text, ':');
        return clock(text, year, month, day);
    }

    private double clock(String text, int year, int month, int day) throws Unreadable {
        int hour = digits(text, 1, 2);
        expect(text, ':');
        int minute = digits(text, 2, 2);
        double second = 0;
        if (at < text.length() && text.charAt(at) == ':') {
            at++;
            int from = at;
            while (at < text.length()
                    && (Character.isDigit(text.charAt(at))
                            || text.charAt(at) == '.'
                            || text.charAt(at) == ',')) {
                at++;
            }
            try {
                second = Double.parseDouble(text.substring(from, at).replace(',', '.'));
            } catch (NumberFormatException _) {
                throw new Unreadable(EXPECTED);
            }
        }
        if (hour > 23 || minute > 59 || second >= 61) {
            throw new Unreadable(EXPECTED);
        }
        return placed(year, month, day, hour, minute, second, offset(text));
    }

    /// @return seconds, or [#NONE]
    private int offset(String text) throws Unreadable {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        String rest = text.substring(at);
        rest = rest.endsWith("]") ? rest.substring(0, rest.length() - 1) : rest;
        if (rest.isEmpty()) {
            return NONE;
        }
        if (rest.equalsIgnoreCase("Z") || rest.equals("UTC") || rest.equals("GMT")) {
            return 0;
        }
        try {
            return ZoneOffset.of(rest).getTotalSeconds();
        } catch (DateTimeException _) {
            throw new Unreadable(EXPECTED + "; an offset such as Z or +08:00, not '" + rest + "'");
        }
    }

    private double placed(
            int year, int month, int day, int hour, int minute, double second, int offset)
            throws Unreadable {
        long local =
                LocalDate.of(year, month, day).toEpochDay() * 86_400L + hour * 3600L + minute * 60L;
        if (offset == NONE) {
            withoutOffset++;
            local(local);
        } else {
            withOffset++;
            offsetSeconds = offset;
        }
        if (withOffset > 0 && withoutOffset > 0) {
            throw new Unreadable(
                    "an offset at every time or at none, else one of the two is hours wrong");
        }
        return (local - offsetSeconds + second) * 1000;
    }

    private void local(long seconds) throws Unreadable {
        long hour = Math.floorDiv(seconds, 900);
        if (hour != cachedHour) {
            LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
            cachedOffsets = zone.getRules().getValidOffsets(time);
            cachedHour = hour;
        }
        if (cachedOffsets.isEmpty()) {
            throw new Unreadable(
                    "a time that exists in %s, where the clocks go forward then; is --zone right?"
                            .formatted(zone));
        }
        offsetSeconds = cachedOffsets.getFirst().getTotalSeconds();
        // The hour that a zone has twice: the second time when time would go back otherwise.
        if (cachedOffsets.size() > 1 && (seconds - offsetSeconds) * 1000.0 <= last - SURELY_BACK) {
            offsetSeconds = cachedOffsets.getLast().getTotalSeconds();
            repeatedHours++;
        }
    }

    private int digits(String text, int least, int most) throws Unreadable {
        int from = at;
        int value = 0;
        while (at < text.length() && at - from < most && Character.isDigit(text.charAt(at))) {
            value = value * 10 + (text.charAt(at++) - '0');
        }
        if (at - from < least) {
            throw new Unreadable(EXPECTED);
        }
        return value;
    }

    private void expect(String text, char wanted) throws Unreadable {
        if (text.charAt(at++) != wanted) {
            throw new Unreadable(EXPECTED);
        }
    }
}
