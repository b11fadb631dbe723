package dev.tidemill.autoscale;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.scaling.ConcurrencyScaling;
import dev.tidemill.scaling.Decision;
import dev.tidemill.scaling.Observation;
import dev.tidemill.scaling.ScalingHistory;
import dev.tidemill.scaling.ScalingRule;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;

/// Scales one target: a call of [#tick] a second, each from one observation to at most one order.
public final class Scaler {
    private final ScalingTarget target;
    private final ScalingRule rule;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private ScalingHistory history = ScalingHistory.EMPTY;

    @GuardedBy("lock")
    private OptionalInt pinned = OptionalInt.empty();

    public Scaler(ScalingTarget target, ScalingRule rule) {
        this.target = target;
        this.rule = rule;
    }

    /// @param traffic since the last tick; empty when it could not be read
    /// @return what was decided, whether or not it changed anything
    public Decision tick(long nowNanos, Optional<Traffic> traffic) {
        lock.lock();
        try {
            int current = target.replicas();
            OptionalDouble concurrency =
                    traffic.map(seen -> OptionalDouble.of(seen.concurrency()))
                            .orElse(OptionalDouble.empty());
            Decision decision =
                    ConcurrencyScaling.decide(
                            rule, history, new Observation(nowNanos, current, concurrency));
            history = decision.next();
            if (pinned.isPresent()) {
                return new Decision(pinned.getAsInt(), "pinned by hand", history);
            }
            if (decision.replicas() != current) {
                target.order(decision.replicas(), decision.reason());
            }
            return decision;
        } finally {
            lock.unlock();
        }
    }

    /// Sets the count by hand until [#release]. It may lie outside the rule's bounds.
    public void pin(int replicas) {
        lock.lock();
        try {
            pinned = OptionalInt.of(replicas);
            target.order(replicas, "pinned by hand");
        } finally {
            lock.unlock();
        }
    }

    /// Gives the target back to its rule.
    public void release() {
        lock.lock();
        try {
            pinned = OptionalInt.empty();
        } finally {
            lock.unlock();
        }
    }

    public OptionalInt pinned() {
        lock.lock();
        try {
            return pinned;
        } finally {
            lock.unlock();
        }
    }
}
