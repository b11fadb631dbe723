package dev.tidemill.routing;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.atomic.LongAdder;

/// Bounds retries to a share of the requests, so that a failing service is not hit harder for
/// failing. A bucket of retries begins full, gains `share` a request and `perSecond` a second, and
/// holds `reserve` at most.
///
/// The reserve must cover a replica's sudden death: everything that it had in flight is retried in
/// the same moment. A model server takes 256 requests at once, so [Limits#DEFAULT] covers two
/// deaths in a row before any request has paid in.
///
/// Thread-safe; counting a request takes no lock.
public final class RetryBudget {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Limits limits;
    private final LongAdder requests = new LongAdder();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private double left;

    @GuardedBy("lock")
    private long countedRequests;

    @GuardedBy("lock")
    private long countedNanos;

    /// @param nowNanos monotonic time
    public RetryBudget(Limits limits, long nowNanos) {
        this.limits = limits;
        this.left = limits.reserve();
        this.countedNanos = nowNanos;
    }

    /// Counts a request, once however often it is retried.
    public void request() {
        requests.increment();
    }

    /// Takes one retry if there is one.
    ///
    /// @param nowNanos monotonic time
    public boolean take(long nowNanos) {
        synchronized (lock) {
            long seen = requests.sum();
            double earned =
                    (seen - countedRequests) * limits.share()
                            + Math.max(0, nowNanos - countedNanos)
                                    / NANOS_PER_SECOND
                                    * limits.perSecond();
            countedRequests = seen;
            countedNanos = nowNanos;
            left = Math.min(limits.reserve(), left + earned);
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }
    }

    /// @param share retries that each request pays in
    /// @param perSecond retries that each second pays in
    /// @param reserve the most that can be saved up
    public record Limits(double share, double perSecond, int reserve) {
        public static final Limits DEFAULT = new Limits(0.2, 10, 512);

        public Limits {
            if (!(share >= 0 && perSecond >= 0 && reserve >= 1)) {
                throw new IllegalArgumentException(
                        "retry budget: '%s share, %s a second, reserve %d' (expected: 0 or more, 0 or more, at least 1)"
                                .formatted(share, perSecond, reserve));
            }
        }
    }
}
