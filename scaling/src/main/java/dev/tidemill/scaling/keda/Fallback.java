package dev.tidemill.scaling.keda;

/// What KEDA puts in a trigger's place once it failed more than `failureThreshold` times in a row.
public record Fallback(int failureThreshold, int replicas, Behavior behavior) {
    /// Which count stands in.
    public enum Behavior {
        STATIC,
        CURRENT_REPLICAS,
        CURRENT_REPLICAS_IF_HIGHER,
        CURRENT_REPLICAS_IF_LOWER
    }

    public Fallback {
        if (failureThreshold < 0 || replicas < 0) {
            throw new IllegalArgumentException(
                    "fallback: '%d failures, %d replicas' (expected: >= 0)"
                            .formatted(failureThreshold, replicas));
        }
    }

    int count(int current) {
        return switch (behavior) {
            case STATIC -> replicas;
            case CURRENT_REPLICAS -> current;
            case CURRENT_REPLICAS_IF_HIGHER -> Math.max(current, replicas);
            case CURRENT_REPLICAS_IF_LOWER -> Math.min(current, replicas);
        };
    }
}
