package dev.tidemill.spec;

import java.time.Duration;

/// How many replicas a pool has.
///
/// @param min replicas that always run, at least 1
/// @param max at least `min`
/// @param targetConcurrency requests in flight per replica that the count is chosen for
/// @param scaleUpWindow the count grows to the least that was wanted during this time
/// @param scaleDownWindow the count shrinks to the most that was wanted during this time
public record Scaling(
        int min,
        int max,
        double targetConcurrency,
        Duration scaleUpWindow,
        Duration scaleDownWindow) {}
