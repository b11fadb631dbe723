package dev.tidemill.scaling.hpa;

import java.util.List;

/// What the cluster says of the target at one pass.
///
/// @param specReplicas how many are ordered
/// @param statusReplicas how many the workload counts, surplus of a rolling update included
public record Workload(
        int specReplicas, int statusReplicas, List<Pod> pods, Selector selector, Scale scale) {
    public Workload {
        pods = List.copyOf(pods);
    }

    /// What became of the target's pod selector.
    public enum Selector {
        USABLE,
        /// Empty, or it does not parse.
        INVALID,
        /// Pods under it belong to more than one autoscaler.
        AMBIGUOUS
    }

    /// Whether the target's scale can be read and written.
    public enum Scale {
        USABLE,
        UNREADABLE,
        UNWRITABLE
    }
}
