package dev.tidemill.gateway.forward;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.table.Steering;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.AnswerStream;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.gateway.upstream.OutgoingRequest;
import dev.tidemill.http.Metrics;
import dev.tidemill.routing.LeastLoadedOfTwo;
import dev.tidemill.routing.Pick;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Sends copies of requests to a target whose answers nobody gets. A copy is made and sent in a
/// thread of its own, once, and takes nothing of what callers need: no retry budget, no limit, no
/// tokens. Where too many are under way, copies are dropped and counted.
final class Mirrors {
    static final int MAX_IN_FLIGHT = 128;
    private static final long MAX_BYTES = 64L << 20;
    private static final int UNREACHED = 0;

    private final Metrics metrics;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Semaphore places = new Semaphore(MAX_IN_FLIGHT);
    private final AtomicLong bytes = new AtomicLong();

    Mirrors(Metrics metrics, LongSupplier nanos, InstantSource clock) {
        this.metrics = metrics;
        this.nanos = nanos;
        this.clock = clock;
    }

    /// Called by the request's thread, for which it does no more than to make the copy's head.
    void copy(
            ReplicaTable table,
            Destination destination,
            Steering.Mirror mirror,
            Inbound inbound,
            RandomGenerator random) {
        if (random.nextDouble() >= mirror.share()) {
            return;
        }
        ServedModel served = table.served(mirror.target().served());
        Pick pick =
                served == null
                        ? new Pick.NoneReady()
                        : new LeastLoadedOfTwo()
                                .pick(
                                        served.replicas().stream()
                                                .map(replica -> replica.candidate())
                                                .toList(),
                                        Set.of(),
                                        nanos.getAsLong(),
                                        random);
        long size = inbound.body().length;
        if (served == null || !(pick instanceof Pick.Chosen chosen) || !enter(size)) {
            metrics.counter(GatewayMetrics.MIRROR_DROPPED, destination.name()).increment();
            return;
        }
        boolean begun = false;
        try {
            Way way = Way.of(inbound, destination, mirror.target(), clock);
            if (way.refused() == null) {
                OutgoingRequest request = way.request();
                Thread.ofVirtual()
                        .name("mirror")
                        .start(() -> {
                            try {
                                send(served, chosen.index(), request, destination);
                            } finally {
                                leave(size);
                            }
                        });
                begun = true;
            }
        } catch (TidemillException | IllegalArgumentException e) {
            // What cannot be sent there is not mirrored; the caller's own request is told.
        } finally {
            if (!begun) {
                leave(size);
                metrics.counter(GatewayMetrics.MIRROR_DROPPED, destination.name()).increment();
            }
        }
    }

    private void send(
            ServedModel served, int index, OutgoingRequest request, Destination destination) {
        long began = nanos.getAsLong();
        int status = UNREACHED;
        try (Call call = new Call(null, began + destination.patience().request())) {
            call.patience(destination.patience().firstByte(), destination.patience().idle());
            Answer answer = served.replicas().get(index).send(request, false, call);
            if (answer instanceof Answer.Streamed(_, _, AnswerStream body)) {
                try (body) {
                    while (body.next() != null) {
                        // Nobody wants it, but that it comes whole is part of the trial.
                    }
                }
            }
            status = answer.status();
        } catch (AttemptFailed e) {
            // Counted below as one that was not answered.
        }
        metrics.timer(
                        GatewayMetrics.MIRRORED,
                        destination.name(),
                        status == UNREACHED ? "failed" : status / 100 + "xx")
                .record(nanos.getAsLong() - began, TimeUnit.NANOSECONDS);
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
