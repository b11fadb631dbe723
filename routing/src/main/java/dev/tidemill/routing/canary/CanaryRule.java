package dev.tidemill.routing.canary;

import java.util.List;
import java.util.Optional;

/// How a new version takes over.
///
/// @param shares of the requests, from 0 to 1, rising; in a first one of 0 the new version is tried
///   with copies of requests, whose answers nobody gets
/// @param everyNanos the least time of a step
/// @param timeoutNanos after which a step that cannot be decided is `late`
/// @param late what happens then
public record CanaryRule(
        List<Double> shares, long everyNanos, long timeoutNanos, WhenLate late, Gates gates) {
    public CanaryRule {
        shares = List.copyOf(shares);
        if (shares.isEmpty()) {
            throw new IllegalArgumentException("canary steps: 'none' (expected: at least one)");
        }
        double before = -1;
        for (double share : shares) {
            if (!(share >= 0 && share > before && share <= 1) || shares.getLast() <= 0) {
                throw new IllegalArgumentException(
                        "canary steps: '%s' (expected: rising, from 0, the last above it, at most 1)"
                                .formatted(shares));
            }
            before = share;
        }
        if (everyNanos < 0 || timeoutNanos < everyNanos) {
            throw new IllegalArgumentException(
                    "canary: 'every %d ns, timeout %d ns' (expected: 0 or more, in order)"
                            .formatted(everyNanos, timeoutNanos));
        }
    }

    public enum WhenLate {
        HOLD,
        ROLLBACK
    }

    /// What a new version must keep to.
    ///
    /// @param errorMargin how much more of its requests may fail, as a part of all: 0.01 is a
    ///   percentage point
    /// @param minRequests that each side must have answered in a step before it can end well
    /// @param confidence with which it must be worse to be rolled back, over the whole rollout
    public record Gates(
            double errorMargin,
            Optional<LatencyGate> p95,
            Optional<LatencyGate> p99,
            long minRequests,
            double confidence) {
        public Gates {
            if (!(errorMargin >= 0 && errorMargin <= 1 && minRequests >= 1)
                    || !(confidence > 0 && confidence < 1)) {
                throw new IllegalArgumentException(
                        "canary gates: 'margin %s, %d requests, confidence %s' (expected: 0 to 1, at least 1, between 0 and 1)"
                                .formatted(errorMargin, minRequests, confidence));
            }
        }

        /// How many there are, the one for errors included.
        int count() {
            return 1 + (p95.isPresent() ? 1 : 0) + (p99.isPresent() ? 1 : 0);
        }
    }
}
