package dev.tidemill.gateway.upstream;

import dev.tidemill.routing.FailureKind;
import dev.tidemill.routing.OutlierRule;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Until when a replica is avoided over one protocol: for a moment after it could not be reached,
/// and for longer when it fails again and again. Thread-safe.
public final class ReplicaHealth {
    /// How long it is avoided after it could not be reached.
    public static final long EJECTION_NANOS = 1_000_000_000L;

    private final @Nullable OutlierRule outliers;
    private final LongSupplier nanos;
    private final AtomicReference<OutlierRule.Health> health;
    private volatile long unreachedUntilNanos;

    /// @param outliers when to leave it alone for failing; null when somebody else watches over it
    /// @param nanos monotonic clock
    public ReplicaHealth(@Nullable OutlierRule outliers, LongSupplier nanos) {
        this.outliers = outliers;
        this.nanos = nanos;
        this.unreachedUntilNanos = nanos.getAsLong();
        this.health = new AtomicReference<>(new OutlierRule.Health(0, 0, unreachedUntilNanos));
    }

    public long ejectedUntilNanos() {
        long until = unreachedUntilNanos;
        long untilHealthy = health.get().untilNanos();
        return untilHealthy - until > 0 ? untilHealthy : until;
    }

    public void learn(FailureKind failure) {
        if (failure == FailureKind.CONNECT_REFUSED) {
            unreachedUntilNanos = nanos.getAsLong() + EJECTION_NANOS;
        }
        if (outliers != null && failure != FailureKind.CLIENT_LEFT) {
            health.updateAndGet(before -> outliers.failed(before, nanos.getAsLong()));
        }
    }

    /// A server that answers is well, unless it says itself that it is not. That it is full (429)
    /// is no illness.
    public void learn(int status) {
        if (outliers == null) {
            return;
        }
        OutlierRule.Health before = health.get();
        OutlierRule.Health after =
                status >= 500
                        ? outliers.failed(before, nanos.getAsLong())
                        : outliers.succeeded(before, nanos.getAsLong());
        if (!after.equals(before)) {
            // Lost to another request's news now and then, which is as good.
            health.compareAndSet(before, after);
        }
    }
}
