package dev.tidemill.autoscale;

import dev.tidemill.client.control.ScalingDecision;

/// Where decisions are written down. Never waits: what cannot be written is lost, and scaling goes
/// on.
public interface DecisionLog {
    void add(ScalingDecision decision);
}
