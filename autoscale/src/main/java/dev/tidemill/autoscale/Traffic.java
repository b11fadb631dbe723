package dev.tidemill.autoscale;

import dev.tidemill.scaling.Signal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// What one pool's traffic was between two readings.
///
/// @param requestsPerSecond finished
/// @param arrivalsPerSecond begun
/// @param concurrency mean requests in flight, waiting ones included
/// @param waiting requests that wait for a replica now
/// @param p99 of the requests that finished in between; zero when none did
/// @param late share of them that took longer than they may; not-a-number when none finished
public record Traffic(
        double requestsPerSecond,
        double failuresPerSecond,
        double arrivalsPerSecond,
        double concurrency,
        double waiting,
        Duration p99,
        double late) {
    public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, Duration.ZERO, Double.NaN);

    Measures measures() {
        Map<Signal, Double> values = new EnumMap<>(Signal.class);
        values.put(Signal.ARRIVALS, arrivalsPerSecond);
        values.put(Signal.IN_FLIGHT, concurrency);
        values.put(Signal.WAITING, waiting);
        values.put(Signal.QUEUE_DEPTH, waiting);
        // Nobody was slow while nobody came; but a fleet that answers nothing has no latency.
        if (requestsPerSecond > 0 || concurrency == 0) {
            values.put(Signal.P99, p99.toNanos() / 1e9);
        }
        if (!Double.isNaN(late)) {
            values.put(Signal.LATE, late);
        }
        return Measures.of(values);
    }
}
