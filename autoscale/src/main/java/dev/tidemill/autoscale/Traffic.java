package dev.tidemill.autoscale;

import java.time.Duration;

/// What one pool's traffic was between two readings.
///
/// @param concurrency mean requests in flight, waiting ones included
/// @param p99 of the requests that finished in between; zero when none did
public record Traffic(
        double requestsPerSecond, double failuresPerSecond, double concurrency, Duration p99) {
    public static final Traffic NONE = new Traffic(0, 0, 0, Duration.ZERO);
}
