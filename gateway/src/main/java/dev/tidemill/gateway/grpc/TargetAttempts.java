package dev.tidemill.gateway.grpc;

import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.audit.Noted;
import dev.tidemill.gateway.hedge.Race;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.gateway.traffic.RecentLatencies;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.routing.Attempt;
import dev.tidemill.routing.Candidate;
import dev.tidemill.routing.FailureKind;
import dev.tidemill.routing.HedgeDelay;
import dev.tidemill.routing.LeastLoadedOfTwo;
import dev.tidemill.routing.Pick;
import dev.tidemill.routing.Preference;
import dev.tidemill.routing.ReplicaPicker;
import dev.tidemill.routing.Retry;
import dev.tidemill.routing.RetryPolicy;
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
    private final Destination stage;
    private final Destination.Target target;
    private final long deadlineNanos;
    private final long maxWaitNanos;
    private final Attempts.Sender<R> sender;
    private final Set<String> tried = new HashSet<>(2);
    private ReplicaTable table;
    private int sent;
    private long waitUntilNanos;
    private boolean waited;
    private Result.@Nullable Answered<R> busy;

    /// @param stage that the target belongs to
    /// @param maxWaitNanos for a replica
    TargetAttempts(
            GrpcParts parts,
            ReplicaTable table,
            Destination stage,
            Destination.Target target,
            long deadlineNanos,
            long maxWaitNanos,
            Attempts.Sender<R> sender) {
        this.parts = parts;
        this.table = table;
        this.stage = stage;
        this.target = target;
        this.deadlineNanos = deadlineNanos;
        this.maxWaitNanos = maxWaitNanos;
        this.sender = sender;
    }

    /// @throws TidemillException when nobody answered
    Result.Answered<R> run() throws InterruptedException {
        while (true) {
            ServedModel served = table.served(target.served());
            if (served == null) {
                throw refused(ErrorCode.UNAVAILABLE, "is not served any more");
            }
            List<Peer> peers = parts.channels().of(served);
            if (peers.isEmpty() && !served.replicas().isEmpty()) {
                throw refused(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "is not served over gRPC (expected: HTTP, or an upstream with grpcPort)");
            }
            Pick pick = pick(peers, tried);
            Result.Answered<R> answer =
                    switch (pick) {
                        case Pick.Chosen(int index, _, Preference preference, _, _) ->
                                busy != null && preference != Preference.FRESH
                                        ? busy
                                        : attempt(peers.get(index), peers);
                        case Pick.Near near -> attempt(peers.get(near.index()), peers);
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

    private Pick pick(List<Peer> peers, Set<String> but) {
        List<Candidate> candidates = peers.stream().map(Peer::candidate).toList();
        return PICKER.pick(candidates, but, now(), parts.random().get());
    }

    /// Null when another replica should be picked.
    private Result.@Nullable Answered<R> attempt(Peer first, List<Peer> peers)
            throws InterruptedException {
        Race.Won<Peer, Result<R>> asked = ask(first, peers);
        Peer peer = asked.who();
        Noted.upstream(peer.id());
        return switch (asked.result()) {
            case Result.Answered<R> answered -> {
                sent++;
                if (isBusy(answered)
                        && busy == null
                        && peers.size() > 1
                        && parts.budget().take(now())) {
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

    /// One replica, or a second as well when the first takes long.
    private Race.Won<Peer, Result<R>> ask(Peer first, List<Peer> peers)
            throws InterruptedException {
        HedgeDelay rule = stage.steering().hedge();
        if (rule == null || !sender.canBeHedged()) {
            return new Race.Won<>(first, send(first), false);
        }
        RecentLatencies recent = stage.traffic().recent();
        long delay = peers.size() > 1 ? recent.delay(rule) : -1;
        long began = now();
        Race.Won<Peer, Result<R>> won =
                delay < 0 ? new Race.Won<>(first, send(first), false) : race(first, peers, delay);
        if (won.result() instanceof Result.Answered<R>) {
            recent.record(now() - began, rule);
        }
        return won;
    }

    private Race.Won<Peer, Result<R>> race(Peer first, List<Peer> peers, long delay)
            throws InterruptedException {
        Race.Terms terms =
                new Race.Terms(stage.name(), parts.budget(), parts.metrics(), parts.nanos());
        try (HedgedCall<R> field = new HedgedCall<>(this::send, () -> second(first, peers))) {
            return new Race<>(field, terms).run(first, delay);
        }
    }

    private @Nullable Peer second(Peer first, List<Peer> peers) {
        Set<String> but = new HashSet<>(tried);
        but.add(first.id());
        return pick(peers, but) instanceof Pick.Chosen chosen
                        && chosen.preference() == Preference.FRESH
                ? peers.get(chosen.index())
                : null;
    }

    private Result<R> send(Peer peer) throws InterruptedException {
        return sender.send(peer, target, stage.patience().firstByte());
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
        parts.warnings().warn(peer.id() + kind, retry::reason, now);
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
        if (!served.traffic().beginWait(stage.steering().held())) {
            throw tooMany();
        }
        if (!parts.waiting().tryAcquire()) {
            served.traffic().endWait(0);
            throw tooMany();
        }
        long until = againNanos - waitUntilNanos < 0 ? againNanos : waitUntilNanos;
        Span span = Span.current().child("wait for a replica");
        try {
            Pause.until(parts, table, until);
        } finally {
            span.end();
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
