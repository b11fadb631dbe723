package dev.tidemill.autoscale;

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
}
