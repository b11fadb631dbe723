package dev.tidemill.scaling.objective;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;

/// At least so many replicas between two times of day, ready by the first: the order goes out one
/// start-up time earlier. It moves the lower bound of the one decision, so it never fights it.
///
/// @param until may lie before `from`: then it is on the next day
public record Schedule(
        String name,
        Set<DayOfWeek> days,
        LocalTime from,
        LocalTime until,
        ZoneId zone,
        int atLeast) {
    public Schedule {
        days = Set.copyOf(days);
        if (atLeast < 1) {
            throw new IllegalArgumentException(
                    "schedules[].atLeast: '%d' (expected: >= 1)".formatted(atLeast));
        }
        if (days.isEmpty() || from.equals(until)) {
            throw new IllegalArgumentException(
                    "schedules[].%s: '%s to %s on %s' (expected: some time on some day)"
                            .formatted(name, from, until, days));
        }
    }

    /// @param lead how much earlier than `from` it begins to count
    /// @return the least at this time; 0 when the schedule says nothing
    int atLeast(long epochMillis, Duration lead) {
        ZonedDateTime now = Instant.ofEpochMilli(epochMillis).atZone(zone);
        for (int back = 1; back >= -1; back--) {
            ZonedDateTime day = now.minusDays(back);
            if (days.contains(day.getDayOfWeek())) {
                ZonedDateTime begin = day.toLocalDate().atTime(from).atZone(zone);
                ZonedDateTime end =
                        (until.isAfter(from) ? day : day.plusDays(1))
                                .toLocalDate()
                                .atTime(until)
                                .atZone(zone);
                if (!now.isBefore(begin.minus(lead)) && now.isBefore(end)) {
                    return atLeast;
                }
            }
        }
        return 0;
    }
}
