package dev.tidemill.scaling.guard;

import java.time.Duration;
import java.time.ZoneId;

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
