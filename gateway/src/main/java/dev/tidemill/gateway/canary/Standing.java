package dev.tidemill.gateway.canary;

import dev.tidemill.routing.canary.CanaryState;
import dev.tidemill.routing.canary.CanaryState.Phase;

/// Where a rollout stands.
///
/// @param byHand whether a person has decided it
/// @param reason why it is there
record Standing(CanaryState state, boolean byHand, String reason) {
    /// Whether what another gateway wrote down takes the place of this. What a person decided last
    /// holds. Else one that found the new version bad is enough, since it had to be sure; and who
    /// is further is followed.
    boolean yieldsTo(Standing other) {
        boolean later = other.state.sinceNanos() - state.sinceNanos() > 0;
        if (isSame(other)) {
            return false;
        }
        if (byHand || other.byHand) {
            return later;
        }
        return other.isRolledBack() || (!isRolledBack() && later);
    }

    /// Whether another gateway went on, not having heard yet that this one had to roll back.
    boolean mustInsist(Standing other) {
        return isRolledBack() && !isSame(other) && !yieldsTo(other);
    }

    boolean isRolledBack() {
        return state.phase() == Phase.ROLLED_BACK;
    }

    private boolean isSame(Standing other) {
        return state.phase() == other.state.phase() && state.step() == other.state.step();
    }
}
