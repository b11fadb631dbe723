package dev.tidemill.scaling.objective;

import dev.tidemill.scaling.Verdict;

/// What happens without signals: hold, then move to a safe count.
final class Silence {
    private static final long NEVER = Long.MIN_VALUE;
    private static final double STEP = 0.1;

    private final Tuning tuning;
    private long since = NEVER;
    private long steppedAt = NEVER;
    private double usualNeed = Double.NaN;

    Silence(Tuning tuning) {
        this.tuning = tuning;
    }

    void over() {
        since = NEVER;
        steppedAt = NEVER;
    }

    /// Remembers what is needed on average, over about a day.
    void needed(int replicas, double seconds) {
        usualNeed =
                Double.isNaN(usualNeed)
                        ? replicas
                        : usualNeed + Math.min(1, seconds / 86_400) * (replicas - usualNeed);
    }

    /// @param usually what the busiest of the next hour usually needs; 0 when unknown
    int safe(int usually) {
        if (tuning.fallback() > 0) {
            return tuning.fallback();
        }
        if (usually > 0) {
            return usually;
        }
        return Double.isNaN(usualNeed) ? 0 : (int) Math.ceil(usualNeed);
    }

    /// @param safe 0 when nothing is known: then the count stays
    int count(long now, int ordered, int safe, long leadMillis) {
        since = since == NEVER ? now : since;
        boolean known = tuning.fallback() > 0 || !Double.isNaN(usualNeed);
        if (!known || now - since < tuning.silentHold().toMillis()) {
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

    Verdict.Account words(long now, int ordered, int safe, int replicas) {
        long seconds = since == NEVER ? 0 : (now - since) / 1000;
        return () ->
                replicas == ordered
                        ? "no signal for %d s: holding at %d".formatted(seconds, replicas)
                        : "no signal for %d s: from %d towards the safe %d, now %d"
                                .formatted(seconds, ordered, safe, replicas);
    }
}
