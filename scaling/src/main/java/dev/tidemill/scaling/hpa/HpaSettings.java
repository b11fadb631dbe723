package dev.tidemill.scaling.hpa;

import java.time.Duration;

/// The flags of the controller, the same for every autoscaler of a cluster.
///
/// @param tolerance ratios this near to 1 change nothing, both ends included
/// @param cpuInitialization how long after its start a pod's CPU is looked at with suspicion
/// @param initialReadinessDelay a pod unready since before this was never ready
/// @param downscaleStabilization the shrinking window where no behaviour sets one
/// @param scaleUpLimitFactor without behaviour one step grows to at most this times the count
/// @param scaleUpLimitMinimum ... or to this, whichever is more
/// @param configurableTolerance whether a behaviour's own tolerance counts (on since 1.35)
/// @param podLevelResources whether a pod's own requests replace those of its containers
public record HpaSettings(
        double tolerance,
        Duration cpuInitialization,
        Duration initialReadinessDelay,
        Duration downscaleStabilization,
        double scaleUpLimitFactor,
        double scaleUpLimitMinimum,
        boolean configurableTolerance,
        boolean podLevelResources) {
    public static final HpaSettings DEFAULT =
            new HpaSettings(
                    0.1,
                    Duration.ofSeconds(300),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(300),
                    2,
                    4,
                    true,
                    true);

    public HpaSettings {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException(
                    "tolerance: '%s' (expected: >= 0)".formatted(tolerance));
        }
    }
}
