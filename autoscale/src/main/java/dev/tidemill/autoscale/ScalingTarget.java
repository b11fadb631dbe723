package dev.tidemill.autoscale;

import dev.tidemill.scaling.fleet.FleetPlan;
import java.util.Optional;

/// Something whose replicas can be counted and ordered: child processes on a laptop, a Deployment
/// on Kubernetes.
public interface ScalingTarget {
    String name();

    /// How many replicas it has been ordered to have.
    int replicas();

    /// How many of them serve.
    int ready();

    /// Seconds that its newest replica took from the order until it served; not-a-number when none
    /// was measured yet.
    double startSeconds();

    /// Orders another count. Returns at once; the target gets there by itself.
    ///
    /// @param reason the sentence to show wherever the change is told
    void order(int replicas, String reason);

    /// Called once a look, before it is decided: what an order could not do at once.
    default void settle() {}

    /// Which kinds of replicas a count would be made of; empty where there is one kind.
    default Optional<FleetPlan> plan(int replicas) {
        return Optional.empty();
    }
}
