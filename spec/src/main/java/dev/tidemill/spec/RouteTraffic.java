package dev.tidemill.spec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a route does with its requests beside sending each to one upstream.
///
/// @param byPrefix whether what begins alike goes to the same replica
public record RouteTraffic(
        Optional<Canary> canary,
        Optional<Mirror> mirror,
        Optional<Hedge> hedge,
        boolean byPrefix,
        Optional<Hold> hold) {
    public static final RouteTraffic NONE =
            new RouteTraffic(
                    Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty());

    /// @param percent of the requests that are copied
    public record Mirror(Route.Upstream upstream, double percent) {}

    /// After what time a second replica is asked as well.
    public sealed interface Hedge {
        record After(Duration time) implements Hedge {}

        /// When so many percent of the answers are there, as learned.
        record Quantile(double percent) implements Hedge {}
    }

    /// Requests that wait for a replica.
    public record Hold(Optional<Duration> time, Optional<Integer> requests) {}

    /// How the last upstream takes over from the others.
    ///
    /// @param steps percentages of the requests, rising; in a first one of 0 the new version gets
    ///   copies
    /// @param every the least time of a step
    /// @param stepTimeout after which a step that cannot be decided is held or rolled back
    /// @param split who else divides requests in the same way, on a cluster
    public record Canary(
            List<Double> steps,
            Duration every,
            Duration stepTimeout,
            boolean rollbackWhenLate,
            Gates gates,
            Split split) {
        /// Copies until it is known to be good, then everything.
        public static final List<Double> BLUE_GREEN = List.of(0.0, 100.0);

        public Canary {
            steps = List.copyOf(steps);
        }
    }

    /// Who divides the requests of those who go to the models' Services, past our gateway.
    public enum Split {
        /// Nobody: our gateway divides what goes through it.
        GATEWAY,
        /// Istio, by a VirtualService and DestinationRules.
        ISTIO,
        /// A mesh that reads the Gateway API, by an HTTPRoute of the Service.
        HTTP_ROUTE
    }

    /// @param errorRate percentage points that the new version's may be above the stable one's
    /// @param minRequests that each side must have answered in a step
    /// @param confidence percent, with which it must be worse to be rolled back
    public record Gates(
            double errorRate,
            Optional<Latency> p95,
            Optional<Latency> p99,
            int minRequests,
            double confidence) {}

    /// What a quantile of the new version's latency may be.
    public sealed interface Latency {
        /// So many times the stable version's.
        record Factor(double times) implements Latency {}

        record Absolute(Duration time) implements Latency {}
    }
}
