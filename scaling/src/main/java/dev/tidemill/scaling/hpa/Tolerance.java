package dev.tidemill.scaling.hpa;

import org.jspecify.annotations.Nullable;

/// How far a ratio may be from 1 before anything changes, by direction.
///
/// @param down of ratios below 1
/// @param up of ratios above 1
public record Tolerance(double down, double up) {
    /// The cluster's tolerance, unless the behaviour has its own and the cluster allows that.
    static Tolerance of(HpaSettings settings, @Nullable Behavior behavior) {
        double down = settings.tolerance();
        double up = settings.tolerance();
        if (settings.configurableTolerance() && behavior != null) {
            Double ownDown = behavior.down().tolerance();
            Double ownUp = behavior.up().tolerance();
            down = ownDown == null ? down : ownDown;
            up = ownUp == null ? up : ownUp;
        }
        return new Tolerance(down, up);
    }

    /// Both ends count as inside; what is not a number is outside.
    boolean inside(double ratio) {
        return 1.0 - down <= ratio && ratio <= 1.0 + up;
    }
}
