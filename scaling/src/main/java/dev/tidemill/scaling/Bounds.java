package dev.tidemill.scaling;

/// Fewest and most replicas.
///
/// @param min 0 lets a target go to sleep
public record Bounds(int min, int max) {
    public Bounds {
        if (min < 0) {
            throw new IllegalArgumentException("scaling.min: '%d' (expected: >= 0)".formatted(min));
        }
        if (max < Math.max(1, min)) {
            throw new IllegalArgumentException(
                    "scaling.max: '%d' (expected: >= %d)".formatted(max, Math.max(1, min)));
        }
    }

    public int clamp(int replicas) {
        return Math.max(min, Math.min(max, replicas));
    }
}
