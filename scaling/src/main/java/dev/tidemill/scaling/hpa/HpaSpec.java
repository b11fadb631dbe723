package dev.tidemill.scaling.hpa;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One autoscaler's `spec`.
///
/// @param behavior null when the file has none, which is not the same as an empty one
public record HpaSpec(int min, int max, List<MetricSpec> metrics, @Nullable Behavior behavior) {
    public HpaSpec {
        metrics = List.copyOf(metrics);
        if (min < 0) {
            throw new IllegalArgumentException("minReplicas: '%d' (expected: >= 0)".formatted(min));
        }
        if (max < Math.max(1, min)) {
            throw new IllegalArgumentException(
                    "maxReplicas: '%d' (expected: >= %d)".formatted(max, Math.max(1, min)));
        }
    }
}
