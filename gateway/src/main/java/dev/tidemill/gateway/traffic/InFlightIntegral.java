package dev.tidemill.gateway.traffic;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/// How many requests are in flight, and that number integrated over time, both exact at any moment:
/// the integral's growth over a span, divided by the span, is the mean concurrency.
final class InFlightIntegral {
    private final Object lock = new Object();

    @GuardedBy("lock")
    private int inFlight;

    @GuardedBy("lock")
    private long area;

    @GuardedBy("lock")
    private long sinceNanos;

    InFlightIntegral(long nowNanos) {
        this.sinceNanos = nowNanos;
    }

    void begin(long nowNanos) {
        synchronized (lock) {
            advance(nowNanos);
            inFlight++;
        }
    }

    void end(long nowNanos) {
        synchronized (lock) {
            advance(nowNanos);
            inFlight--;
        }
    }

    Reading read(long nowNanos) {
        synchronized (lock) {
            advance(nowNanos);
            return new Reading(inFlight, area);
        }
    }

    /// Threads come here in another order than they read the clock: time never goes back, it
    /// stands.
    @GuardedBy("lock")
    private void advance(long nowNanos) {
        long passed = nowNanos - sinceNanos;
        if (passed > 0) {
            area += inFlight * passed;
            sinceNanos = nowNanos;
        }
    }

    /// @param area request-nanoseconds
    record Reading(int inFlight, long area) {}
}
