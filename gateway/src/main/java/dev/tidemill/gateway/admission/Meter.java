package dev.tidemill.gateway.admission;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.QuotaDecision;

/// What is used of one limit. Thread-safe.
final class Meter {
    private final Object lock = new Object();

    @GuardedBy("lock")
    private Quota.Use use;

    Meter(Quota quota, long nowNanos) {
        this.use = quota.unused(nowNanos);
    }

    QuotaDecision take(Quota quota, long estimate, long nowNanos) {
        synchronized (lock) {
            QuotaDecision decision = quota.decide(use, estimate, nowNanos);
            use = decision.use();
            return decision;
        }
    }

    void settle(Quota quota, long estimate, long actual, long nowNanos) {
        synchronized (lock) {
            use = quota.settle(use, estimate, actual, nowNanos);
        }
    }

    void undo(Quota quota, long estimate, long nowNanos) {
        synchronized (lock) {
            use = quota.undo(use, estimate, nowNanos);
        }
    }

    boolean isUnused(Quota quota, long nowNanos) {
        synchronized (lock) {
            return quota.isUnused(use, nowNanos);
        }
    }
}
