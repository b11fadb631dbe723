package dev.tidemill.scaling.guard;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// At least so many replicas from each of the times on, for a while, ready when it comes: the order
/// goes out one start-up time earlier, or `preWarm` when that is longer.
///
/// @param lasts above zero
/// @param atLeast above zero
public record CronSchedule(
        String name, Cron cron, Duration lasts, ZoneId zone, int atLeast, Duration preWarm) {
    public CronSchedule {
        if (lasts.isNegative() || lasts.isZero() || atLeast < 1) {
            throw new IllegalArgumentException(
                    "schedules[].%s: 'for %s, min %d' (expected: each above 0)"
                            .formatted(name, lasts, atLeast));
        }
    }

    private static final int PARTS = 5;

    /// The same in whole minutes, ready at its time: the order goes out no later than one start-up
    /// time before.
    public CronSchedule warming(Duration startUp) {
        Duration lead = preWarm.compareTo(startUp) < 0 ? startUp : preWarm;
        return new CronSchedule(name, cron, minutes(lasts), zone, atLeast, minutes(lead));
    }

    private static Duration minutes(Duration time) {
        return Duration.ofMinutes((time.toMillis() + 59_999) / 60_000);
    }

    /// When the order goes out, as one cron text in its zone; empty where there is no such text.
    public Optional<String> begins() {
        return CronShift.of(cron, preWarm.negated());
    }

    /// When it is over, likewise.
    public Optional<String> ends() {
        return CronShift.of(cron, lasts);
    }

    /// What all of them together ask for at that time; 0 where none says anything.
    public static int atLeast(List<CronSchedule> schedules, long now) {
        return schedules.stream().mapToInt(one -> one.follow().atLeast(now, 0)).max().orElse(0);
    }

    /// In a word of an argument, without its name.
    public String text() {
        return "%s|%s|%s|%d|%s".formatted(cron, lasts, zone, atLeast, preWarm);
    }

    /// Reads [#text].
    ///
    /// @throws IllegalArgumentException when it is none
    public static CronSchedule parse(String name, String text) {
        String[] parts = text.split("\\|", -1);
        try {
            if (parts.length == PARTS) {
                return new CronSchedule(
                        name,
                        Cron.parse(parts[0]),
                        Duration.parse(parts[1]),
                        ZoneId.of(parts[2]),
                        Integer.parseInt(parts[3]),
                        Duration.parse(parts[4]));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException(expected(text), e);
        }
        throw new IllegalArgumentException(expected(text));
    }

    private static String expected(String text) {
        return "schedule: '%s' (expected: CRON|LASTS|ZONE|MIN|PREWARM such as 0 8 * * MON-FRI|PT9H|UTC|5|PT10M)"
                .formatted(text);
    }

    Follower follow() {
        return new Follower(this);
    }

    /// Remembers when it comes next, because working that out takes a while.
    static final class Follower {
        private final CronSchedule schedule;
        private long begins = Long.MIN_VALUE;
        private long askedAt = Long.MAX_VALUE;

        private Follower(CronSchedule schedule) {
            this.schedule = schedule;
        }

        /// @return 0 when the schedule says nothing at this time
        int atLeast(long now, long leadMillis) {
            long over = now - schedule.lasts.toMillis();
            if (now < askedAt || begins <= over) {
                begins = schedule.cron.next(over, schedule.zone);
            }
            askedAt = now;
            long lead = Math.max(leadMillis, schedule.preWarm.toMillis());
            return begins - lead <= now ? schedule.atLeast : 0;
        }

        String name() {
            return schedule.name;
        }
    }
}
