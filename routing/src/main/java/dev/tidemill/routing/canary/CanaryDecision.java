package dev.tidemill.routing.canary;

/// What becomes of a rollout now.
public sealed interface CanaryDecision {
    /// One sentence for logs and people.
    String reason();

    CanaryState state();

    /// @param late whether the step has taken longer than it may
    record Hold(CanaryState state, String reason, boolean late) implements CanaryDecision {}

    /// The next step has begun: evidence is gathered anew.
    record Step(CanaryState state, String reason) implements CanaryDecision {}

    record Promote(CanaryState state, String reason) implements CanaryDecision {}

    record Rollback(CanaryState state, String reason) implements CanaryDecision {}
}
