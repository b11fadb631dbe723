package dev.tidemill.gateway.traffic;

import java.util.List;

/// What `GET /signals` says. All but `inFlight` and `waiting` are counts since the gateway's start.
///
/// @param atNanos the gateway's monotonic clock
/// @param bucketUpperNanos upper bounds of the latency buckets; the last bucket has none
public record Signals(long atNanos, List<Long> bucketUpperNanos, List<Model> models) {
    public Signals {
        bucketUpperNanos = List.copyOf(bucketUpperNanos);
        models = List.copyOf(models);
    }

    /// @param requests finished, whatever became of them
    /// @param failures finished with a 5xx status or cut off
    /// @param inFlight with a body that is complete and an answer that is not; waiting ones
    ///   included
    /// @param inFlightNanos `inFlight` integrated over time
    /// @param waiting for a replica
    /// @param latencyBuckets finished requests per bucket, not cumulative
    public record Model(
            String name,
            String pool,
            long requests,
            long failures,
            int inFlight,
            long inFlightNanos,
            int waiting,
            List<Long> latencyBuckets) {
        public Model {
            latencyBuckets = List.copyOf(latencyBuckets);
        }
    }
}
