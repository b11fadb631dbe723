package dev.tidemill.scaling;

import java.time.Duration;

/// What happens without signals: hold, then move to a safe count, growing at once and shrinking by
/// at most a tenth a start-up time, and a tenth a minute. Of one session.
public final class Silence {
    private static final long NEVER = Long.MIN_VALUE;
    private static final double STEP = 0.1;
    private static final long SHORTEST_STEP = 60_000;
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;

    /// What lies further apart was not seen all the while, as when a target slept.
    private static final long LONGEST_LOOK = 300_000;

    private final Duration hold;
    private final int fallback;
    private long since = NEVER;
    private long steppedAt = NEVER;
    private final PastPeak lastHour = new PastPeak();
    private double usualNeed = Double.NaN;
    private int peak;
    private long lookedAt = NEVER;
    private long known;

    /// @param hold how long nothing changes
    /// @param fallback replicas that are safe without any signal; 0 to work it out from history
    public Silence(Duration hold, int fallback) {
        this.hold = hold;
        this.fallback = fallback;
    }

    /// There are signals again.
    public void over() {
        since = NEVER;
        steppedAt = NEVER;
    }

    /// Remembers what is needed on average, over about a day; of less, over what was seen so far.
    public void needed(long now, int replicas) {
        long seen = lookedAt == NEVER ? 0 : Math.clamp(now - lookedAt, 0, LONGEST_LOOK);
        lookedAt = now;
        known += seen;
        peak = lastHour.add(now, replicas, HOUR);
        double share = known == 0 ? 1 : (double) seen / Math.min(known, DAY);
        usualNeed = Double.isNaN(usualNeed) ? replicas : usualNeed + share * (replicas - usualNeed);
    }

    /// @param usually what the busiest of the next hour usually needs; 0 when unknown
    public int safe(int usually) {
        if (fallback > 0) {
            return fallback;
        }
        if (usually > 0) {
            return usually;
        }
        if (Double.isNaN(usualNeed)) {
            return 0;
        }
        // The mean of less than a day may be that of its quiet hours.
        int mean = (int) Math.ceil(usualNeed);
        return known < DAY ? Math.max(mean, peak) : mean;
    }

    /// @param safe 0 when nothing is known: then the count stays
    public int count(long now, int ordered, int safe, long leadMillis) {
        since = since == NEVER ? now : since;
        lookedAt = NEVER;
        boolean known = fallback > 0 || !Double.isNaN(usualNeed);
        if (!known || now - since < hold.toMillis()) {
            return ordered;
        }
        if (safe >= ordered) {
            return safe;
        }
        if (steppedAt != NEVER && now - steppedAt < Math.max(leadMillis, SHORTEST_STEP)) {
            return ordered;
        }
        steppedAt = now;
        int step = Math.max(1, (int) (ordered * STEP));
        return Math.max(safe, ordered - step);
    }

    /// The sentence of such a decision.
    public Verdict.Account words(long now, int ordered, int safe, int replicas) {
        long seconds = since == NEVER ? 0 : (now - since) / 1000;
        return () ->
                replicas == ordered
                        ? "no signal for %d s: holding at %d".formatted(seconds, replicas)
                        : "no signal for %d s: from %d towards the safe %d, now %d"
                                .formatted(seconds, ordered, safe, replicas);
    }
}
