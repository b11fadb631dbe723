package dev.tidemill.client.control;

import java.util.List;

/// Decisions, the oldest first.
public record DecisionList(List<ScalingDecision> decisions) {
    public DecisionList {
        decisions = List.copyOf(decisions);
    }
}
