package dev.tidemill.autoscale;

import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.client.gateway.TrafficCounters.ModelCounters;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Turns two readings of a gateway's counters into traffic per pool. Pure.
final class TrafficDelta {
    private TrafficDelta() {}

    /// @return traffic by pool name; empty when the counters went backwards, which means that the
    ///   gateway was restarted in between
    static Map<String, Traffic> between(
            TrafficCounters before,
            TrafficCounters now,
            ToDoubleFunction<String> lateAfterSeconds) {
        double seconds = (now.atNanos() - before.atNanos()) / 1e9;
        if (seconds <= 0) {
            return Map.of();
        }
        Map<String, ModelCounters> old = new HashMap<>();
        before.models().forEach(model -> old.put(model.name(), model));
        Map<String, Sums> pools = new HashMap<>();
        for (ModelCounters model : now.models()) {
            ModelCounters was = old.get(model.name());
            if (was != null && was.requests() > model.requests()) {
                return Map.of();
            }
            pools.computeIfAbsent(model.pool(), _ -> new Sums(now.bucketUpperNanos()))
                    .add(was, model);
        }
        Map<String, Traffic> traffic = new HashMap<>();
        pools.forEach((pool, sums) ->
                traffic.put(pool, sums.over(seconds, lateAfterSeconds.applyAsDouble(pool))));
        return traffic;
    }

    private static final class Sums {
        private final List<Long> bounds;
        private final long[] buckets;
        private long requests;
        private long failures;
        private long inFlightNanos;
        private long begun;
        private long waiting;

        Sums(List<Long> bounds) {
            this.bounds = bounds;
            this.buckets = new long[bounds.size() + 1];
        }

        void add(@Nullable ModelCounters was, ModelCounters is) {
            requests += is.requests() - (was == null ? 0 : was.requests());
            begun +=
                    is.requests()
                            + is.inFlight()
                            - (was == null ? 0 : was.requests() + was.inFlight());
            waiting += is.waiting();
            failures += is.failures() - (was == null ? 0 : was.failures());
            inFlightNanos += is.inFlightNanos() - (was == null ? 0 : was.inFlightNanos());
            for (int i = 0; i < is.latencyBuckets().size() && i < buckets.length; i++) {
                long before =
                        was == null || i >= was.latencyBuckets().size()
                                ? 0
                                : was.latencyBuckets().get(i);
                buckets[i] += is.latencyBuckets().get(i) - before;
            }
        }

        Traffic over(double seconds, double lateAfterSeconds) {
            return new Traffic(
                    requests / seconds,
                    failures / seconds,
                    Math.max(0, begun / seconds),
                    Math.max(0, inFlightNanos / 1e9 / seconds),
                    waiting,
                    p99(),
                    late(lateAfterSeconds * 1e9));
        }

        /// Within the bucket that the limit falls in, as if times were spread evenly.
        private double late(double limitNanos) {
            long total = 0;
            double late = 0;
            long lower = 0;
            for (int i = 0; i < buckets.length; i++) {
                boolean last = i >= bounds.size();
                long upper = last ? Long.MAX_VALUE : bounds.get(i);
                total += buckets[i];
                if (lower >= limitNanos) {
                    late += buckets[i];
                } else if (upper > limitNanos && !last) {
                    late += buckets[i] * (upper - limitNanos) / (upper - lower);
                }
                lower = upper;
            }
            return total > 0 ? late / total : Double.NaN;
        }

        private Duration p99() {
            long total = 0;
            for (long count : buckets) {
                total += count;
            }
            long rank = (long) Math.ceil(total * 0.99);
            long seen = 0;
            for (int i = 0; i < bounds.size(); i++) {
                seen += buckets[i];
                if (rank > 0 && seen >= rank) {
                    return Duration.ofNanos(bounds.get(i));
                }
            }
            return total == 0 || bounds.isEmpty()
                    ? Duration.ZERO
                    : Duration.ofNanos(bounds.getLast());
        }
    }
}
