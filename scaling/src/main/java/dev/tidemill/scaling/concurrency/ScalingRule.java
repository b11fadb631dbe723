package dev.tidemill.scaling.concurrency;

import java.time.Duration;

/// What a target's file asks for.
///
/// @param min fewest replicas, at least 1
/// @param max most replicas, at least `min`
/// @param targetConcurrency requests in flight that one replica should carry on average
/// @param averageOver how far back concurrency is averaged
/// @param scaleUpWindow growth waits until it was wanted for this long
/// @param scaleDownWindow shrinking waits until nothing higher was wanted for this long
public record ScalingRule(
        int min,
        int max,
        double targetConcurrency,
        Duration averageOver,
        Duration scaleUpWindow,
        Duration scaleDownWindow) {
    public ScalingRule {
        if (min < 1) {
            throw new IllegalArgumentException("scaling.min: '%d' (expected: >= 1)".formatted(min));
        }
        if (max < min) {
            throw new IllegalArgumentException(
                    "scaling.max: '%d' (expected: >= scaling.min, which is %d)"
                            .formatted(max, min));
        }
        if (!(targetConcurrency > 0) || Double.isInfinite(targetConcurrency)) {
            throw new IllegalArgumentException(
                    "scaling.metrics[].target: '%s' (expected: a number above 0)"
                            .formatted(targetConcurrency));
        }
    }

    /// How long recommendations must be remembered.
    Duration memory() {
        return scaleUpWindow.compareTo(scaleDownWindow) > 0 ? scaleUpWindow : scaleDownWindow;
    }
}
