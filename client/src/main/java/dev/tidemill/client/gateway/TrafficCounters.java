package dev.tidemill.client.gateway;

import java.util.List;

/// Answer of the gateway's admin `GET /signals`: counters since its start, per model.
///
/// @param atNanos the gateway's monotonic clock when they were read
/// @param bucketUpperNanos upper bounds of the latency buckets; the last bucket of every model has
///   none
public record TrafficCounters(
        long atNanos, List<Long> bucketUpperNanos, List<ModelCounters> models) {
    public TrafficCounters {
        bucketUpperNanos = List.copyOf(bucketUpperNanos);
        models = List.copyOf(models);
    }

    /// @param pool the replicas' owner; models that share replicas have one pool
    /// @param requests finished, of any outcome
    /// @param failures finished with a 5xx status that the gateway could not avoid
    /// @param inFlight now, waiting ones included
    /// @param inFlightNanos in-flight requests integrated over time; its growth over a span,
    ///   divided by the span, is the exact mean concurrency
    /// @param latencyBuckets finished requests per latency bucket (not cumulative)
    public record ModelCounters(
            String name,
            String pool,
            long requests,
            long failures,
            int inFlight,
            long inFlightNanos,
            int waiting,
            List<Long> latencyBuckets) {
        public ModelCounters {
            latencyBuckets = List.copyOf(latencyBuckets);
        }
    }
}
