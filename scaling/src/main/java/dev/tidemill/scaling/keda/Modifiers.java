package dev.tidemill.scaling.keda;

/// `advanced.scalingModifiers`: one formula over the triggers, by their names, replaces them.
///
/// @param target of one replica, or of the workload when `perReplica` is false
public record Modifiers(
        Formula formula, double target, double activationTarget, boolean perReplica) {
    public Modifiers {
        if (!(target > 0) || Double.isInfinite(target)) {
            throw new IllegalArgumentException(
                    "scalingModifiers.target: '%s' (expected: a number above 0)".formatted(target));
        }
    }
}
