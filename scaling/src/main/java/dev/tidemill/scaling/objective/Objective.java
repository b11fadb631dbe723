package dev.tidemill.scaling.objective;

import java.time.Duration;

/// What users are promised: at most a share of requests takes longer than a limit.
///
/// @param late share of requests that may be late, above 0 and below 1
public record Objective(Duration latency, double late, Counts counts) {
    /// From when to when the latency runs.
    public enum Counts {
        /// Until a replica begins to work on the request. The service itself is not scaling's to
        /// change, and a limit below it would otherwise call for any number of replicas.
        WAIT,
        /// Until the answer: what the service takes is taken off the limit first.
        TOTAL
    }

    public Objective {
        if (latency.isNegative()) {
            throw new IllegalArgumentException(
                    "objective.latency: '%s' (expected: not negative)".formatted(latency));
        }
        if (!(late > 0) || !(late < 1)) {
            throw new IllegalArgumentException(
                    "objective.late: '%s' (expected: a share above 0 and below 1)".formatted(late));
        }
    }

    public static Objective wait(Duration latency, double late) {
        return new Objective(latency, late, Counts.WAIT);
    }

    /// Seconds that a request may wait. A limit below the service time leaves none, which asks for
    /// a slot at once for all but the late share, not for the maximum.
    double waitSeconds(double slotSeconds) {
        double limit = latency.toNanos() / 1e9;
        return counts == Counts.WAIT ? limit : Math.max(0, limit - slotSeconds);
    }
}
