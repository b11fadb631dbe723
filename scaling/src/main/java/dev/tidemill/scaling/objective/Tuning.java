package dev.tidemill.scaling.objective;

import java.time.Duration;
import java.time.ZoneOffset;

/// The knobs, of which a file needs none.
///
/// @param margin standard deviations of the forecast's error that are added to it at first
/// @param learnsMargin whether the margin follows how often it was needed: up after late requests,
///   slowly down while there are none
/// @param hold nothing shrinks that was wanted within this, nor within twice the start-up time:
///   what is let go and ordered again is paid for twice and missing meanwhile
/// @param variability of gaps and service times, 1 for random ones
/// @param idle quiet time before zero, where the least is zero
/// @param silentHold how long nothing changes when there is no signal
/// @param fallback replicas that are safe without any signal; 0 to work it out from history
/// @param zone in which days begin, for the usual day
public record Tuning(
        double margin,
        boolean learnsMargin,
        Duration hold,
        double variability,
        Duration idle,
        Duration silentHold,
        int fallback,
        ZoneOffset zone) {
    public static final Tuning DEFAULT =
            new Tuning(
                    1,
                    true,
                    Duration.ofMinutes(5),
                    1,
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(5),
                    0,
                    ZoneOffset.UTC);

    public Tuning {
        if (!(variability > 0) || fallback < 0 || Double.isNaN(margin)) {
            throw new IllegalArgumentException(
                    "tuning: 'variability %s, fallback %d, margin %s' (expected: above 0, not"
                                    .formatted(variability, fallback, margin)
                            + " negative, a number)");
        }
    }

    public Tuning withMargin(double margin, boolean learns) {
        return new Tuning(margin, learns, hold, variability, idle, silentHold, fallback, zone);
    }

    public Tuning withFallback(int replicas) {
        return new Tuning(
                margin, learnsMargin, hold, variability, idle, silentHold, replicas, zone);
    }
}
