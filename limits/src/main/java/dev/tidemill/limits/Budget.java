package dev.tidemill.limits;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// So much money a day. A day that has begun does not end because a clock goes back.
///
/// @param perDay in billionths of the currency, at least 1
/// @param zone whose midnight ends a day
public record Budget(long perDay, ZoneId zone) {
    private static final long SECONDS_A_DAY = 86_400;

    public Budget {
        requireNonNull(zone, "zone");
        if (perDay < 1) {
            throw new IllegalArgumentException(
                    "budget: '%d a day' (expected: at least 1)".formatted(perDay));
        }
    }

    /// What is spent, what is only reserved included.
    ///
    /// @param day since 1970
    /// @param spent in billionths of the currency
    public record Level(long day, long spent) {}

    /// The day of a time.
    public long day(long epochSecond) {
        return Math.floorDiv(epochSecond + offsetSeconds(epochSecond), SECONDS_A_DAY);
    }

    /// How far the zone is before UTC at a time.
    public int offsetSeconds(long epochSecond) {
        return zone.equals(ZoneOffset.UTC)
                ? 0
                : zone.getRules().getOffset(Instant.ofEpochSecond(epochSecond)).getTotalSeconds();
    }

    public Level unused(long epochSecond) {
        return new Level(day(epochSecond), 0);
    }

    /// The level now. What was spent on a day that is still to come was spent today, by a clock
    /// that was wrong, unless it is tomorrow, and this clock may be.
    public Level at(Level level, long epochSecond) {
        long today = day(epochSecond);
        if (today > level.day()) {
            return new Level(today, 0);
        }
        return level.day() > today + 1 ? new Level(today, level.spent()) : level;
    }

    /// Whether that much may be spent. What costs nothing always may.
    public boolean covers(Level now, long cost) {
        return cost <= 0 || now.spent() <= perDay - cost;
    }

    public Level spend(Level now, long cost) {
        return new Level(now.day(), now.spent() + cost);
    }

    /// Corrects what was reserved. A reservation of a day that has ended went with it.
    public Level settle(Level now, long reservedDay, long reserved, long actual) {
        long back = reservedDay == now.day() ? reserved : 0;
        return new Level(now.day(), Math.max(0, now.spent() - back + actual));
    }

    public long left(Level now) {
        return Math.max(0, perDay - now.spent());
    }

    /// Until the day of the level ends and there is a new budget.
    public long secondsToNext(Level now, long epochSecond) {
        long end =
                LocalDate.ofEpochDay(now.day() + 1).atStartOfDay(zone).toInstant().getEpochSecond();
        return Math.max(1, end - epochSecond);
    }
}
