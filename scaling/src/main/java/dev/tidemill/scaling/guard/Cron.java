package dev.tidemill.scaling.guard;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/// Times of the form `minute hour day month weekday`, as `cron` has them: `*`, numbers, names of
/// months and weekdays, ranges, steps, lists. Where both days are restricted either may match.
public final class Cron {
    /// What [#parse] accepts, for error messages.
    public static final String EXPECTED =
            "five cron fields (minute hour day month weekday) such as '50 8 * * MON-FRI'";

    /// A leap day that is a certain weekday comes at least once in so many years.
    private static final int YEARS = 41;

    private static final List<String> MONTHS =
            List.of(
                    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                    "DEC");
    private static final List<String> WEEKDAYS =
            List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean eitherDay;

    private Cron(String text, String[] fields) {
        this.text = text;
        this.minutes = field(fields[0], 0, 59, List.of());
        this.hours = field(fields[1], 0, 23, List.of());
        this.days = field(fields[2], 1, 31, List.of());
        this.months = field(fields[3], 1, 12, MONTHS);
        this.weekdays = field(fields[4], 0, 7, WEEKDAYS);
        if (weekdays.get(7)) {
            weekdays.set(0);
        }
        this.eitherDay = !fields[2].startsWith("*") && !fields[4].startsWith("*");
    }

    /// @throws IllegalArgumentException saying which field is wrong, or that it never comes
    public static Cron parse(String text) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("%d fields".formatted(fields.length));
        }
        Cron cron = new Cron(text.strip(), fields);
        if (cron.next(0, ZoneId.of("UTC")) == Long.MAX_VALUE) {
            throw new IllegalArgumentException("no such day ever comes");
        }
        return cron;
    }

    /// The first of its times after that moment; `Long.MAX_VALUE` when there is none.
    public long next(long afterMillis, ZoneId zone) {
        ZonedDateTime from = Instant.ofEpochMilli(afterMillis).atZone(zone);
        LocalDate day = from.toLocalDate();
        LocalDate last = day.plusYears(YEARS);
        for (; day.isBefore(last); day = day.plusDays(1)) {
            if (!months.get(day.getMonthValue())) {
                day = day.withDayOfMonth(day.lengthOfMonth());
            } else if (matches(day)) {
                long found = on(day, afterMillis, zone);
                if (found != Long.MAX_VALUE) {
                    return found;
                }
            }
        }
        return Long.MAX_VALUE;
    }

    private long on(LocalDate day, long afterMillis, ZoneId zone) {
        for (int hour = hours.nextSetBit(0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
            for (int minute = minutes.nextSetBit(0);
                    minute >= 0;
                    minute = minutes.nextSetBit(minute + 1)) {
                long at =
                        day.atTime(LocalTime.of(hour, minute))
                                .atZone(zone)
                                .toInstant()
                                .toEpochMilli();
                if (at > afterMillis) {
                    return at;
                }
            }
        }
        return Long.MAX_VALUE;
    }

    private boolean matches(LocalDate day) {
        boolean date = days.get(day.getDayOfMonth());
        boolean weekday = weekdays.get(day.getDayOfWeek().getValue() % 7);
        return eitherDay ? date || weekday : date && weekday;
    }

    /// Whether it goes by days of the week and times of the day alone.
    boolean isWeekly() {
        return days.cardinality() == 31 && months.cardinality() == 12;
    }

    BitSet minutes() {
        return minutes;
    }

    BitSet hours() {
        return hours;
    }

    BitSet weekdays() {
        return weekdays;
    }

    private static BitSet field(String text, int min, int max, List<String> names) {
        BitSet set = new BitSet(max + 1);
        for (String part : text.split(",", -1)) {
            String[] stepped = part.split("/", -1);
            if (stepped.length > 2 || stepped[0].isEmpty()) {
                throw wrong(text);
            }
            int step = stepped.length == 2 ? number(stepped[1], 1, max, List.of(), text) : 1;
            int from = min;
            int to = stepped.length == 2 ? max : -1;
            if (stepped[0].equals("*")) {
                to = names.equals(WEEKDAYS) ? 6 : max;
            } else {
                String[] ends = stepped[0].split("-", -1);
                from = number(ends[0], min, max, names, text);
                to = ends.length == 2 ? number(ends[1], min, max, names, text) : Math.max(to, from);
                if (ends.length > 2 || to < from) {
                    throw wrong(text);
                }
            }
            for (int value = from; value <= to; value += step) {
                set.set(value);
            }
        }
        return set;
    }

    private static int number(String text, int min, int max, List<String> names, String field) {
        int named = names.indexOf(text.toUpperCase(Locale.ROOT));
        if (named >= 0) {
            return named + min;
        }
        if (!text.matches("\\d{1,3}")) {
            throw wrong(field);
        }
        int value = Integer.parseInt(text);
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "'%s' in '%s' is not from %d to %d".formatted(text, field, min, max));
        }
        return value;
    }

    private static IllegalArgumentException wrong(String field) {
        return new IllegalArgumentException("'%s' is no field".formatted(field));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cron cron && cron.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
