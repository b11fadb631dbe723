package dev.tidemill.gateway.forward;

import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.traffic.RecentLatencies;
import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.gateway.upstream.OutgoingRequest;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.routing.Attempt;
import dev.tidemill.routing.BoundedAffinity;
import dev.tidemill.routing.Candidate;
import dev.tidemill.routing.FailureKind;
import dev.tidemill.routing.HedgeDelay;
import dev.tidemill.routing.Pick;
import dev.tidemill.routing.Preference;
import dev.tidemill.routing.Retry;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One request on its way to a replica. Used by one thread, once.
final class Forwarding {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final Forwarder shared;
    private final String target;
    private final OutgoingRequest request;
    private final Call call;
    private final long maxWaitNanos;
    private final Manner manner;

    private ReplicaTable table;
    private Set<String> tried = Set.of();
    private int sent;

    /// Once a connection has failed, kept ones are avoided: they may all have ended together.
    private boolean fresh;

    private boolean waited;
    private long waitEndNanos;
    private long waitNanos;

    /// A replica's refusal for being full or draining, passed on if no other replica does better.
    private Outcome.@Nullable Answered busy;

    /// @param target whose replicas are asked
    /// @param maxWaitNanos how long to wait when none can be reached
    Forwarding(
            Forwarder shared,
            ReplicaTable table,
            String target,
            OutgoingRequest request,
            Call call,
            long maxWaitNanos,
            Manner manner) {
        this.shared = shared;
        this.table = table;
        this.target = target;
        this.request = request;
        this.call = call;
        this.maxWaitNanos = maxWaitNanos;
        this.manner = manner;
    }

    /// What is special about a request's way.
    sealed interface Manner {
        int held();
    }

    /// Nothing.
    enum Plain implements Manner {
        NONE;

        @Override
        public int held() {
            return Integer.MAX_VALUE;
        }
    }

    /// @param route for metrics
    /// @param hedge null: one replica at a time
    /// @param recent what hedging learns from
    /// @param prefix of what begins alike, which goes to the same replica; 0: any
    /// @param held requests that may wait for a replica
    record Steered(
            String route, @Nullable HedgeDelay hedge, RecentLatencies recent, long prefix, int held)
            implements Manner {}

    Outcome run() throws InterruptedException {
        while (true) {
            ServedModel served = table.served(target);
            if (served == null) {
                return new Outcome.Refused(
                        ErrorCode.MODEL_NOT_FOUND,
                        "model '%s' is served no more".formatted(target));
            }
            if (call.hasLeft()) {
                throw new CloseConnectionException("the client left");
            }
            long now = now();
            Pick pick = pick(served.replicas(), now);
            Outcome outcome =
                    switch (pick) {
                        case Pick.Chosen chosen
                                when busy != null && chosen.preference() != Preference.FRESH ->
                                busy;
                        case Pick.Chosen chosen -> attempt(served, chosen.index());
                        case Pick.Near near
                                when busy != null && near.preference() != Preference.FRESH ->
                                busy;
                        case Pick.Near near -> attempt(served, near.index());
                        case Pick.AllEjected(_, long againNanos) -> await(served, againNanos);
                        case Pick.NoneReady _ -> await(served, call.deadlineNanos());
                    };
            if (outcome != null) {
                return outcome;
            }
        }
    }

    private Pick pick(List<Replica> replicas, long now) {
        List<Candidate> candidates = new ArrayList<>(replicas.size());
        for (int i = 0; i < replicas.size(); i++) {
            candidates.add(replicas.get(i).candidate());
        }
        return manner instanceof Steered steered && steered.prefix() != 0
                ? BoundedAffinity.DEFAULT.pick(steered.prefix(), candidates, tried, now)
                : shared.picker().pick(candidates, tried, now, shared.random().get());
    }

    /// Null when another replica should be picked.
    private @Nullable Outcome attempt(ServedModel served, int index) throws InterruptedException {
        Replica replica = served.replicas().get(index);
        return manner instanceof Steered steered
                        && steered.hedge() != null
                        && served.replicas().size() > 1
                ? hedged(served, replica, steered, steered.hedge())
                : attempt(replica);
    }

    /// As below, with a second replica when the first takes long.
    private @Nullable Outcome hedged(
            ServedModel served, Replica replica, Steered steered, HedgeDelay rule)
            throws InterruptedException {
        long delay = steered.recent().delay(rule);
        long began = now();
        if (delay < 0) {
            Outcome outcome = attempt(replica);
            if (outcome != null) {
                steered.recent().record(now() - began, rule);
            }
            return outcome;
        }
        try {
            Hedge hedge =
                    new Hedge(
                            request,
                            fresh,
                            sent,
                            call.branch(),
                            call.branch(),
                            () -> second(served, replica));
            Outcome.Answered answered = Hedge.run(shared, steered.route(), replica, delay, hedge);
            sent++;
            steered.recent().record(now() - began, rule);
            return isBusy(answered.answer()) && mayAskAnother() ? setAside(answered) : answered;
        } catch (AttemptFailed e) {
            return afterFailure(replica, e);
        }
    }

    private @Nullable Replica second(ServedModel served, Replica first) {
        Set<String> before = tried;
        tried = new HashSet<>(before);
        tried.add(first.id());
        Pick pick = pick(served.replicas(), now());
        tried = before;
        int index =
                switch (pick) {
                    case Pick.Chosen chosen when chosen.preference() == Preference.FRESH ->
                            chosen.index();
                    case Pick.Near near when near.preference() == Preference.FRESH -> near.index();
                    case Pick.Chosen _, Pick.Near _, Pick.AllEjected _, Pick.NoneReady _ -> -1;
                };
        return index < 0 ? null : served.replicas().get(index);
    }

    /// Null when another replica should be picked.
    private @Nullable Outcome attempt(Replica replica) {
        try {
            Answer answer = AttemptTrace.send(replica, request, fresh, call, sent);
            sent++;
            Outcome.Answered answered = new Outcome.Answered(replica, answer);
            return isBusy(answer) && mayAskAnother() ? setAside(answered) : answered;
        } catch (AttemptFailed e) {
            return afterFailure(replica, e);
        }
    }

    private @Nullable Outcome afterFailure(Replica replica, AttemptFailed failure) {
        FailureKind kind = failure.kind();
        if (kind == FailureKind.CLIENT_LEFT) {
            throw new CloseConnectionException("the client left", failure);
        }
        if (kind != FailureKind.CONNECT_REFUSED) {
            sent++;
            fresh = true;
        }
        long now = now();
        Retry retry =
                shared.policy()
                        .decide(
                                new Attempt(
                                        replica.id(), kind, sent, call.deadlineNanos() - now, true),
                                shared.budget(),
                                now);
        if (kind != FailureKind.STALE_CONNECTION) {
            shared.warnings()
                    .warn(
                            replica.id() + kind,
                            () -> "%s (%s)".formatted(retry.reason(), failure.getMessage()),
                            now);
        }
        return switch (retry) {
            case Retry.GiveUp(ErrorCode code, String reason) ->
                    busy != null ? busy : new Outcome.Refused(code, reason);
            case Retry.Again(Retry.Where where, _) -> {
                shared.retries().failed(kind);
                if (where == Retry.Where.SAME_REPLICA) {
                    yield attempt(replica);
                }
                markTried(replica.id());
                yield null;
            }
        };
    }

    private @Nullable Outcome setAside(Outcome.Answered answered) {
        shared.retries().busyOrDraining();
        busy = answered;
        markTried(answered.replica().id());
        return null;
    }

    private static boolean isBusy(Answer answer) {
        return answer instanceof Answer.Whole
                && (answer.status() == UNAVAILABLE || answer.status() == TOO_MANY_REQUESTS);
    }

    /// Once a request, and only within the budget: when all are full, asking all would fill them
    /// more.
    private boolean mayAskAnother() {
        ServedModel served = table.served(target);
        return busy == null
                && served != null
                && served.replicas().size() > 1
                && shared.budget().take(now());
    }

    /// Null when it is worth picking again.
    private @Nullable Outcome await(ServedModel served, long againNanos)
            throws InterruptedException {
        if (busy != null) {
            return busy;
        }
        long began = now();
        if (!waited) {
            waited = true;
            waitNanos = Math.clamp(call.deadlineNanos() - began, 0, maxWaitNanos);
            waitEndNanos = began + waitNanos;
        }
        if (waitEndNanos - began <= 0) {
            return noReplica(
                    served,
                    served.replicas().isEmpty() || maxWaitNanos > 0
                            ? "waited " + seconds(waitNanos)
                            : "it cannot be reached");
        }
        if (!served.traffic().beginWait(manner.held())) {
            return noReplica(served, "too many requests wait for one already");
        }
        if (!shared.waitingRoom().enter()) {
            served.traffic().endWait(0);
            return noReplica(served, "too many requests wait for one already");
        }
        Span span = Span.current().child("wait for a replica");
        try {
            long until = againNanos - waitEndNanos < 0 ? againNanos : waitEndNanos;
            shared.live().awaitChange(table, call, until);
        } finally {
            span.end();
            served.traffic().endWait(now() - began);
            shared.waitingRoom().leave();
        }
        table = shared.live().current();
        tried = Set.of();
        return null;
    }

    private static Outcome noReplica(ServedModel served, String why) {
        return new Outcome.Refused(
                ErrorCode.UNAVAILABLE,
                "model '%s' has no ready replica; %s".formatted(served.name(), why));
    }

    private static String seconds(long nanos) {
        Duration duration = Duration.ofNanos(nanos);
        long whole = Math.round(nanos / 1e9);
        return Math.abs(nanos / 1e9 - whole) < 0.05 ? whole + " s" : DurationText.format(duration);
    }

    private void markTried(String replica) {
        if (tried.isEmpty()) {
            tried = new HashSet<>();
        }
        tried.add(replica);
    }

    private long now() {
        return shared.nanos().getAsLong();
    }
}
