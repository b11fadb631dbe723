package dev.tidemill.routing;

/// When a server that fails is left alone, and for how long: after so many failures in a row, for
/// the base time, doubled with each time that it fails again right afterwards. When the time is
/// over one failure is enough; one success forgives everything.
///
/// Being left alone is a preference, not a ban: whoever picks uses such a server when there is no
/// better one.
///
/// @param failures in a row
/// @param baseNanos of the first time
/// @param maxNanos of any time
public record OutlierRule(int failures, long baseNanos, long maxNanos) {
    /// Five failures (Envoy's number), 5 s at first, a minute at most.
    public static final OutlierRule DEFAULT = new OutlierRule(5, 5_000_000_000L, 60_000_000_000L);

    public OutlierRule {
        if (failures < 1 || baseNanos < 1 || maxNanos < baseNanos) {
            throw new IllegalArgumentException(
                    "outlier rule: '%d failures, %d to %d ns' (expected: at least 1, in order)"
                            .formatted(failures, baseNanos, maxNanos));
        }
    }

    /// @param inRow failures since the last success
    /// @param ejections in a row
    /// @param untilNanos end of the last one
    public record Health(int inRow, int ejections, long untilNanos) {
        public boolean isEjected(long nowNanos) {
            return untilNanos - nowNanos > 0;
        }
    }

    public Health healthy(long nowNanos) {
        return new Health(0, 0, nowNanos);
    }

    public Health succeeded(Health before, long nowNanos) {
        // What was in flight when it was ejected says nothing of how it is now.
        return before.isEjected(nowNanos) || (before.inRow() == 0 && before.ejections() == 0)
                ? before
                : healthy(before.untilNanos());
    }

    public Health failed(Health before, long nowNanos) {
        if (before.isEjected(nowNanos)) {
            return before;
        }
        int inRow = before.inRow() + 1;
        if (inRow < failures && before.ejections() == 0) {
            return new Health(inRow, 0, before.untilNanos());
        }
        int doubled = Math.min(before.ejections(), 30);
        long time = baseNanos > maxNanos >> doubled ? maxNanos : baseNanos << doubled;
        return new Health(0, before.ejections() + 1, nowNanos + time);
    }
}
