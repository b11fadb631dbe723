package dev.tidemill.scaling;

import java.time.Duration;

/// What happens without signals: hold, then move to a safe count, growing at once and shrinking by
/// at most a tenth a start-up time. Of one session.
public final class Silence {
    private static final long NEVER = Long.MIN_VALUE;
    private static final double STEP = 0.1;

    private final Duration hold;
    private final int fallback;
    private long since = NEVER;
    private long steppedAt = NEVER;
    private double usualNeed = Double.NaN;

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

    /// Remembers what is needed on average, over about a day.
    public void needed(int replicas, double seconds) {
        usualNeed =
                Double.isNaN(usualNeed)
                        ? replicas
                        : usualNeed + Math.min(1, seconds / 86_400) * (replicas - usualNeed);
    }

    /// @param usually what the busiest of the next hour usually needs; 0 when unknown
    public int safe(int usually) {
        if (fallback > 0) {
            return fallback;
        }
        if (usually > 0) {
            return usually;
        }
        return Double.isNaN(usualNeed) ? 0 : (int) Math.ceil(usualNeed);
    }

    /// @param safe 0 when nothing is known: then the count stays
    public int count(long now, int ordered, int safe, long leadMillis) {
        since = since == NEVER ? now : since;
        boolean known = fallback > 0 || !Double.isNaN(usualNeed);
        if (!known || now - since < hold.toMillis()) {
            return ordered;
        }
        if (safe >= ordered) {
            return safe;
        }
        if (steppedAt != NEVER && now - steppedAt < leadMillis) {
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
