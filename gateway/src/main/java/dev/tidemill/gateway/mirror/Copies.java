package dev.tidemill.gateway.mirror;

import dev.tidemill.gateway.table.Steering;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.routing.Candidate;
import dev.tidemill.routing.LeastLoadedOfTwo;
import dev.tidemill.routing.Pick;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Sends copies of requests to a target whose answers nobody gets. A copy is made and sent in a
/// thread of its own, once, and takes nothing of what callers need: no retry budget, no limit, no
/// tokens. Where too many are under way, copies are dropped and counted. Thread-safe.
public final class Copies {
    /// At most so many under way.
    public static final int MAX_IN_FLIGHT = 128;

    /// The status of a copy that nobody answered.
    public static final int UNREACHED = 0;

    private static final long MAX_BYTES = 64L << 20;

    private final Metrics metrics;
    private final LongSupplier nanos;
    private final Semaphore places = new Semaphore(MAX_IN_FLIGHT);
    private final AtomicLong bytes = new AtomicLong();

    /// @param nanos monotonic clock
    public Copies(Metrics metrics, LongSupplier nanos) {
        this.metrics = metrics;
        this.nanos = nanos;
    }

    /// What is copied.
    ///
    /// @param route for metrics
    /// @param size of what it holds
    public record Original(String route, long size) {}

    /// Makes a copy for one of the target's replicas.
    @FunctionalInterface
    public interface Maker {
        /// Called by the request's thread.
        ///
        /// @param index of the replica
        /// @return sends it, on a thread of its own, and gives the status, or [#UNREACHED]; null
        ///   when it cannot be sent there
        @Nullable IntSupplier make(int index);
    }

    /// Called by the request's thread, for which it does no more than to make the copy's head.
    ///
    /// @param replicas of the mirror's target
    public void send(
            Steering.Mirror mirror,
            Original original,
            List<Candidate> replicas,
            RandomGenerator random,
            Maker maker) {
        if (random.nextDouble() >= mirror.share()) {
            return;
        }
        Pick pick = new LeastLoadedOfTwo().pick(replicas, Set.of(), nanos.getAsLong(), random);
        if (!(pick instanceof Pick.Chosen chosen) || !enter(original.size())) {
            drop(original);
            return;
        }
        boolean begun = false;
        try {
            IntSupplier copy = maker.make(chosen.index());
            if (copy != null) {
                Thread.ofVirtual().name("mirror").start(() -> run(copy, original));
                begun = true;
            }
        } finally {
            if (!begun) {
                leave(original.size());
                drop(original);
            }
        }
    }

    private void run(IntSupplier copy, Original original) {
        long began = nanos.getAsLong();
        int status = UNREACHED;
        try {
            status = copy.getAsInt();
        } finally {
            leave(original.size());
            metrics.timer(
                            GatewayMetrics.MIRRORED,
                            original.route(),
                            status == UNREACHED ? "failed" : status / 100 + "xx")
                    .record(nanos.getAsLong() - began, TimeUnit.NANOSECONDS);
        }
    }

    private void drop(Original original) {
        metrics.counter(GatewayMetrics.MIRROR_DROPPED, original.route()).increment();
    }

    private boolean enter(long size) {
        if (!places.tryAcquire()) {
            return false;
        }
        if (bytes.addAndGet(size) > MAX_BYTES) {
            leave(size);
            return false;
        }
        return true;
    }

    private void leave(long size) {
        bytes.addAndGet(-size);
        places.release();
    }
}
