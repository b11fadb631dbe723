package dev.tidemill.gateway.grpc;

import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.routing.Attempt;
import dev.tidemill.routing.Candidate;
import dev.tidemill.routing.FailureKind;
import dev.tidemill.routing.LeastLoadedOfTwo;
import dev.tidemill.routing.Pick;
import dev.tidemill.routing.Preference;
import dev.tidemill.routing.ReplicaPicker;
import dev.tidemill.routing.Retry;
import dev.tidemill.routing.RetryPolicy;
import io.grpc.Context;
import io.grpc.Status;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One call's way along the replicas of a target: pick one, ask it, decide what its failure means,
/// wait when there is none. The rules are those of HTTP requests. Used by one thread, once.
final class TargetAttempts<R> {
    private static final RetryPolicy RETRY = new RetryPolicy(3);
    private static final ReplicaPicker PICKER = new LeastLoadedOfTwo();

    private final GrpcParts parts;
    private final Destination.Target target;
    private final long deadlineNanos;
    private final long maxWaitNanos;
    private final int held;
    private final Attempts.Sender<R> sender;
    private final Set<String> tried = new HashSet<>(2);
    private ReplicaTable table;
    private int sent;
    private long waitUntilNanos;
    private boolean waited;
    private Result.@Nullable Answered<R> busy;

    /// @param maxWaitNanos for a replica
    /// @param held calls that may wait for one
    TargetAttempts(
            GrpcParts parts,
            ReplicaTable table,
            Destination.Target target,
            long deadlineNanos,
            long maxWaitNanos,
            int held,
            Attempts.Sender<R> sender) {
        this.parts = parts;
        this.table = table;
        this.target = target;
        this.deadlineNanos = deadlineNanos;
        this.maxWaitNanos = maxWaitNanos;
        this.held = held;
        this.sender = sender;
    }

    /// @throws TidemillException when nobody answered
    Result.Answered<R> run() throws InterruptedException {
        while (true) {
            ServedModel served = table.served(target.served());
            if (served == null) {
                throw refused(ErrorCode.UNAVAILABLE, "is not served any more");
            }
            List<Peer> peers =
                    served.replicas().stream()
                            .filter(replica -> replica.grpcPort() > 0)
                            .map(parts.channels()::of)
                            .toList();
            if (peers.isEmpty() && !served.replicas().isEmpty()) {
                throw refused(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "is not served over gRPC (expected: HTTP, or an upstream with grpcPort)");
            }
            List<Candidate> candidates = peers.stream().map(Peer::candidate).toList();
            Pick pick = PICKER.pick(candidates, tried, now(), parts.random().get());
            Result.Answered<R> answer =
                    switch (pick) {
                        case Pick.Chosen(int index, _, Preference preference, _, _) ->
                                busy != null && preference != Preference.FRESH
                                        ? busy
                                        : attempt(peers.get(index), peers.size());
                        case Pick.Near near -> attempt(peers.get(near.index()), peers.size());
                        case Pick.AllEjected(_, long againNanos) -> await(served, againNanos);
                        case Pick.NoneReady _ -> await(served, deadlineNanos);
                    };
            if (answer != null) {
                if (busy != null && !busy.equals(answer)) {
                    drop(busy);
                }
                return answer;
            }
        }
    }

    static void drop(Result.Answered<?> answer) {
        if (answer.value() instanceof Reply reply) {
            reply.close();
        }
    }

    /// Null when another replica should be picked.
    private Result.@Nullable Answered<R> attempt(Peer peer, int of) throws InterruptedException {
        Result<R> result = sender.send(peer, target);
        return switch (result) {
            case Result.Answered<R> answered -> {
                sent++;
                if (isBusy(answered) && busy == null && of > 1 && parts.budget().take(now())) {
                    busy = answered;
                    tried.add(peer.id());
                    count("busy_or_draining");
                    yield null;
                }
                yield answered;
            }
            case Result.Failed<R>(FailureKind kind) -> {
                if (kind == FailureKind.CLIENT_LEFT) {
                    throw new TidemillException(ErrorCode.CANCELLED, "the client left");
                }
                yield afterFailure(peer, kind);
            }
        };
    }

    private Result.@Nullable Answered<R> afterFailure(Peer peer, FailureKind kind) {
        if (kind != FailureKind.CONNECT_REFUSED) {
            sent++;
        }
        long now = now();
        Retry retry =
                RETRY.decide(
                        new Attempt(peer.id(), kind, sent, deadlineNanos - now, true),
                        parts.budget(),
                        now);
        return switch (retry) {
            case Retry.GiveUp(ErrorCode code, String reason) -> {
                if (busy != null) {
                    yield busy;
                }
                throw new TidemillException(code, reason);
            }
            case Retry.Again _ -> {
                count(kind.name().toLowerCase(Locale.ROOT));
                tried.add(peer.id());
                yield null;
            }
        };
    }

    private static boolean isBusy(Result.Answered<?> answer) {
        return answer.code() == Status.Code.UNAVAILABLE
                || answer.code() == Status.Code.RESOURCE_EXHAUSTED;
    }

    /// Null when it is worth picking again.
    private Result.@Nullable Answered<R> await(ServedModel served, long againNanos)
            throws InterruptedException {
        if (busy != null) {
            return busy;
        }
        long began = now();
        if (!waited) {
            waited = true;
            waitUntilNanos = began + Math.clamp(deadlineNanos - began, 0, maxWaitNanos);
        }
        if (waitUntilNanos - began <= 0) {
            throw refused(
                    ErrorCode.UNAVAILABLE,
                    maxWaitNanos > 0
                            ? "has no ready replica; waited "
                                    + DurationText.format(Duration.ofNanos(maxWaitNanos))
                            : "has no ready replica");
        }
        if (!served.traffic().beginWait(held)) {
            throw tooMany();
        }
        if (!parts.waiting().tryAcquire()) {
            served.traffic().endWait(0);
            throw tooMany();
        }
        long until = againNanos - waitUntilNanos < 0 ? againNanos : waitUntilNanos;
        Context context = Context.current();
        try (Call waiting = new Call(null, until)) {
            Context.CancellationListener leaving = _ -> waiting.leave();
            context.addListener(leaving, Runnable::run);
            try {
                parts.live().awaitChange(table, waiting, until);
            } finally {
                context.removeListener(leaving);
            }
            if (waiting.hasLeft()) {
                throw new TidemillException(ErrorCode.CANCELLED, "the client left");
            }
        } finally {
            parts.waiting().release();
            served.traffic().endWait(now() - began);
        }
        table = parts.live().current();
        parts.channels().keep(table);
        tried.clear();
        return null;
    }

    private TidemillException tooMany() {
        return refused(
                ErrorCode.UNAVAILABLE, "has no ready replica; too many calls wait for one already");
    }

    private TidemillException refused(ErrorCode code, String why) {
        String name = target.model() == null ? target.served() : target.model();
        return new TidemillException(
                code, "model '%s' %s".formatted(name.replaceFirst("#\\d+$", ""), why));
    }

    private void count(String reason) {
        parts.metrics().counter(GatewayMetrics.RETRIES, reason).increment();
    }

    private long now() {
        return parts.nanos().getAsLong();
    }
}
