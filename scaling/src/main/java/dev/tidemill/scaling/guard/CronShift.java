package dev.tidemill.scaling.guard;

import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The same times a while earlier or later, as one cron text. That there is not always one: what
/// goes by dates or months, or would need other hours on some days than on others.
final class CronShift {
    private static final int HOUR = 60;
    private static final int DAY = 24 * HOUR;
    private static final int WEEK = 7 * DAY;

    private CronShift() {}

    /// @param by above zero for later; in whole minutes
    static Optional<String> of(Cron cron, Duration by) {
        if (!cron.isWeekly()) {
            return Optional.empty();
        }
        int minutes = Math.toIntExact(Math.floorMod(by.toMinutes(), (long) WEEK));
        Map<Integer, BitSet> weekdaysOfTime = new TreeMap<>();
        cron.weekdays().stream()
                .filter(weekday -> weekday < 7)
                .forEach(weekday ->
                        cron.hours().stream()
                                .forEach(hour ->
                                        cron.minutes().stream()
                                                .map(minute ->
                                                        (weekday * DAY
                                                                        + hour * HOUR
                                                                        + minute
                                                                        + minutes)
                                                                % WEEK)
                                                .forEach(at ->
                                                        weekdaysOfTime
                                                                .computeIfAbsent(
                                                                        at % DAY, _ -> new BitSet())
                                                                .set(at / DAY))));
        return text(weekdaysOfTime);
    }

    private static Optional<String> text(Map<Integer, BitSet> weekdaysOfTime) {
        SortedSet<Integer> hours = new TreeSet<>();
        SortedSet<Integer> minutes = new TreeSet<>();
        weekdaysOfTime
                .keySet()
                .forEach(time -> {
                    hours.add(time / HOUR);
                    minutes.add(time % HOUR);
                });
        boolean alike = weekdaysOfTime.values().stream().distinct().count() == 1;
        if (!alike || weekdaysOfTime.size() != hours.size() * minutes.size()) {
            return Optional.empty();
        }
        BitSet weekdays = weekdaysOfTime.values().iterator().next();
        return Optional.of(
                "%s %s * * %s"
                        .formatted(
                                list(minutes, HOUR),
                                list(hours, 24),
                                list(new TreeSet<>(weekdays.stream().boxed().toList()), 7)));
    }

    private static String list(SortedSet<Integer> values, int all) {
        return values.size() == all
                ? "*"
                : values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
