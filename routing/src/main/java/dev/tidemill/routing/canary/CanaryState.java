package dev.tidemill.routing.canary;

/// How far a rollout has come.
///
/// @param step index of the current one
/// @param sinceNanos when it began
/// @param looks how often its evidence was looked at for a reason to roll back
/// @param lookedAt the new version's requests at the last such look
/// @param stableBefore what was seen of the stable version in the step before, for a step that
///   leaves it nothing
public record CanaryState(
        Phase phase, int step, long sinceNanos, int looks, long lookedAt, Evidence stableBefore) {
    public enum Phase {
        STEPPING,
        PROMOTED,
        ROLLED_BACK
    }

    public static CanaryState begin(long nowNanos) {
        return new CanaryState(Phase.STEPPING, 0, nowNanos, 0, 0, Evidence.NONE);
    }

    /// The part of the requests that the new version gets.
    public double share(CanaryRule rule) {
        return switch (phase) {
            case STEPPING -> rule.shares().get(Math.min(step, rule.shares().size() - 1));
            case PROMOTED -> 1;
            case ROLLED_BACK -> 0;
        };
    }

    /// Whether the new version is tried with copies now, and no caller gets its answers.
    public boolean isTrial(CanaryRule rule) {
        return phase == Phase.STEPPING && share(rule) <= 0;
    }

    CanaryState looked(long requests) {
        return new CanaryState(phase, step, sinceNanos, looks + 1, requests, stableBefore);
    }

    CanaryState nextStep(long nowNanos, Evidence stable) {
        return new CanaryState(phase, step + 1, nowNanos, 0, 0, stable);
    }

    public CanaryState ended(Phase as, long nowNanos) {
        return new CanaryState(as, step, nowNanos, looks, lookedAt, stableBefore);
    }
}
