package dev.tidemill.server.modelconfig;

import java.util.List;

/// Runs of one version that may go on at once.
///
/// @param count at least 1
/// @param devices numbers of GPUs; empty for all, and on the CPU
public record InstanceGroup(int count, Kind kind, List<Integer> devices) {
    /// Where the runs go.
    public enum Kind {
        /// A GPU where there is one, otherwise the CPU.
        AUTO,
        CPU,
        GPU
    }

    public InstanceGroup {
        devices = List.copyOf(devices);
        if (count < 1) {
            throw new IllegalArgumentException(
                    "instance_group.count: '%d' (expected: >= 1)".formatted(count));
        }
    }
}
