package dev.tidemill.gateway.forward;

import dev.tidemill.gateway.mirror.Copies;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.routing.FailureKind;
import dev.tidemill.routing.LeastLoadedOfTwo;
import dev.tidemill.routing.ReplicaPicker;
import dev.tidemill.routing.RetryBudget;
import dev.tidemill.routing.RetryPolicy;
import io.micrometer.core.instrument.Counter;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What all requests share on their way to a replica.
///
/// @param nanos monotonic clock
/// @param clock the time of day
/// @param random gives the calling thread's generator
record Forwarder(
        LiveTable live,
        RetryBudget budget,
        WaitingRoom waitingRoom,
        RetryCounters retries,
        RepeatedWarning warnings,
        Mirrors mirrors,
        Metrics metrics,
        LongSupplier nanos,
        InstantSource clock,
        Supplier<? extends RandomGenerator> random) {
    /// A request that breaks replicas breaks three at most.
    private static final RetryPolicy RETRY = new RetryPolicy(3);

    private static final ReplicaPicker PICKER = new LeastLoadedOfTwo();

    static Forwarder create(
            LiveTable live,
            Copies copies,
            Metrics metrics,
            LongSupplier nanos,
            InstantSource clock,
            Supplier<? extends RandomGenerator> random) {
        return new Forwarder(
                live,
                new RetryBudget(RetryBudget.Limits.DEFAULT, nanos.getAsLong()),
                new WaitingRoom(WaitingRoom.CAPACITY),
                new RetryCounters(metrics),
                new RepeatedWarning(System.getLogger(Forwarder.class.getName())),
                new Mirrors(copies, nanos, clock),
                metrics,
                nanos,
                clock,
                random);
    }

    ReplicaPicker picker() {
        return PICKER;
    }

    RetryPolicy policy() {
        return RETRY;
    }

    /// Counts a request that goes on to another upstream, which is rare.
    void fallbacks(String route) {
        metrics.counter(GatewayMetrics.FALLBACKS, route).increment();
    }

    /// Counts attempts that are repeated, by reason.
    static final class RetryCounters {
        private final Map<FailureKind, Counter> byFailure = new EnumMap<>(FailureKind.class);
        private final Counter busy;

        RetryCounters(Metrics metrics) {
            for (FailureKind failure : FailureKind.values()) {
                String reason = failure.name().toLowerCase(Locale.ROOT);
                byFailure.put(failure, metrics.counter(GatewayMetrics.RETRIES, reason));
            }
            busy = metrics.counter(GatewayMetrics.RETRIES, "busy_or_draining");
        }

        void failed(FailureKind failure) {
            Counter counter = byFailure.get(failure);
            if (counter != null) {
                counter.increment();
            }
        }

        void busyOrDraining() {
            busy.increment();
        }
    }
}
