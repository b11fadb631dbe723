package dev.tidemill.gateway.admission;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Moment;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.QuotaDecision;

/// What is used of one limit. Thread-safe.
final class Meter {
    private final Object lock = new Object();

    @GuardedBy("lock")
    private Quota.Use use;

    Meter(Quota quota, Moment now) {
        this.use = quota.unused(now);
    }

    QuotaDecision take(Quota quota, Amount estimate, Moment now) {
        synchronized (lock) {
            QuotaDecision decision = quota.decide(use, estimate, now);
            use = decision.use();
            return decision;
        }
    }

    void settle(Quota quota, Amount estimate, long day, Amount actual, Moment now) {
        synchronized (lock) {
            use = quota.settle(use, estimate, day, actual, now);
        }
    }

    void undo(Quota quota, Amount estimate, long day, Moment now) {
        synchronized (lock) {
            use = quota.undo(use, estimate, day, now);
        }
    }

    boolean isUnused(Quota quota, Moment now) {
        synchronized (lock) {
            return quota.isUnused(use, now);
        }
    }
}
