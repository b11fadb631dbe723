package dev.tidemill.gateway.config;

import java.util.List;
import java.util.Optional;

/// What a route does with its requests beside sending each to one upstream.
///
/// @param byPrefix whether what begins alike goes to the same replica
/// @param held requests that may wait for a replica; empty: as many as the gateway holds
public record TrafficRules(
        Optional<Canary> canary,
        Optional<Mirror> mirror,
        Optional<Hedge> hedge,
        boolean byPrefix,
        Optional<Integer> held) {
    public static final TrafficRules NONE =
            new TrafficRules(
                    Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty());

    /// @param percent of the requests that are copied
    public record Mirror(GatewayRules.Upstream upstream, double percent) {}

    /// When a second replica is asked as well: one of the two.
    public record Hedge(Optional<Long> afterMillis, Optional<Double> quantilePercent) {}

    /// How the last upstream takes over from the others.
    ///
    /// @param steps percentages of the requests, rising; in a first one of 0 the new version gets
    ///   copies of all
    /// @param errorPercent points that the new version's error rate may be above the stable one's
    /// @param confidencePercent with which it must be worse to be rolled back
    public record Canary(
            List<Double> steps,
            long everyMillis,
            long timeoutMillis,
            boolean rollbackWhenLate,
            double errorPercent,
            Optional<Latency> p95,
            Optional<Latency> p99,
            long minRequests,
            double confidencePercent) {
        public Canary {
            steps = List.copyOf(steps);
        }
    }

    /// One of the two.
    ///
    /// @param times the stable version's
    public record Latency(Optional<Double> times, Optional<Long> millis) {}
}
