package dev.tidemill.gateway.forward;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.gateway.canary.SideCounts;
import dev.tidemill.gateway.openai.PromptPrefix;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.table.Steering;
import dev.tidemill.gateway.traffic.ModelTraffic;
import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.AnswerStream;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.routing.AnswerRule;
import dev.tidemill.routing.AnswerVerdict;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request's way along the targets of its destination, then along those of its fallbacks, until
/// one gives an answer that can be passed on. Nothing has reached the client yet. Used by one
/// thread, once.
final class Chain implements AutoCloseable {
    /// Of an answer that may be replaced by a better one, what is kept.
    private static final int MAX_KEPT = 64 * 1024;

    private final Forwarder shared;
    private final ReplicaTable table;
    private final Inbound inbound;
    private final Traits traits;
    private final Call call;
    private int sent;

    /// Who was asked last, where a rollout counts it.
    private @Nullable SideCounts side;

    /// Replicas of ours that answer now, whose pool is scaled by what they have in flight.
    private @Nullable Counted counted;

    /// The best that there is when nothing else comes of it.
    private @Nullable Outcome last;

    Chain(Forwarder shared, ReplicaTable table, Inbound inbound, Traits traits, Call call) {
        this.shared = shared;
        this.table = table;
        this.inbound = inbound;
        this.traits = traits;
        this.call = call;
    }

    /// How many upstreams were asked.
    int sent() {
        return sent;
    }

    /// The answer that was passed on was cut off by the upstream.
    void brokeOff() {
        if (side != null) {
            side.cutOff();
        }
    }

    Outcome run(Destination first) throws InterruptedException {
        Steering.Mirror mirror = first.steering().mirror();
        if (mirror != null) {
            shared.mirrors().copy(table, first, mirror, inbound, shared.random().get(), null);
        }
        Steering.Trial trial = first.steering().trial(first.targets());
        if (trial != null) {
            shared.mirrors()
                    .copy(
                            table,
                            first,
                            trial.mirror(),
                            inbound,
                            shared.random().get(),
                            trial.counts());
        }
        List<Destination> stages = Turns.stages(table, first);
        for (int i = 0; i < stages.size(); i++) {
            Outcome outcome = stage(first, stages.get(i), i + 1 < stages.size());
            if (outcome != null) {
                return outcome;
            }
        }
        Outcome outcome = last;
        return outcome != null
                ? outcome
                : new Outcome.Refused(
                        ErrorCode.UNAVAILABLE,
                        "route '%s' has no upstream that takes requests".formatted(first.name()));
    }

    /// Null when another stage should be asked.
    private @Nullable Outcome stage(Destination first, Destination stage, boolean more)
            throws InterruptedException {
        Turns turns = new Turns(stage, traits);
        turns.countLeftAlone(i -> isLeftAlone(stage, i));
        while (true) {
            int index = turns.next(i -> isReachable(stage, i));
            if (index < 0) {
                return null;
            }
            if (sent > 0) {
                shared.fallbacks(first.name());
            }
            boolean others = more || turns.hasMore();
            side = turns.side(index);
            Outcome outcome = ask(first, stage, stage.targets().get(index), others);
            AnswerVerdict verdict = verdict(first, outcome, others);
            if (verdict instanceof AnswerVerdict.Again(long waitNanos, _)) {
                if (waitNanos > 0) {
                    await(waitNanos);
                    turns.again(index);
                }
            } else {
                return withAdvice(outcome, verdict);
            }
        }
    }

    private boolean isLeftAlone(Destination stage, int index) {
        ServedModel served = table.served(stage.targets().get(index).served());
        return served != null && !served.replicas().isEmpty() && !isReachable(stage, index);
    }

    private Outcome ask(
            Destination first, Destination stage, Destination.Target target, boolean others)
            throws InterruptedException {
        Destination.Patience patience = stage.patience();
        call.patience(patience.firstByte(), patience.idle());
        sent++;
        close();
        ServedModel scaled =
                stage.isRoute() && target.isOurs() ? table.served(target.served()) : null;
        long began = shared.nanos().getAsLong();
        Outcome outcome = null;
        // A route that has its model's name is counted as that already.
        if (scaled != null && scaled.traffic() != first.traffic()) {
            counted = new Counted(scaled.traffic(), began);
        }
        try {
            Way way = Way.of(inbound, stage, target, shared.clock());
            outcome =
                    way.refused() != null
                            ? way.refused()
                            : way.back(
                                    new Forwarding(
                                                    shared,
                                                    table,
                                                    target.served(),
                                                    way.request(),
                                                    call,
                                                    others ? 0 : patience.reach(),
                                                    manner(stage))
                                            .run());
            if (counted != null) {
                counted.status = outcome.status();
            }
            return outcome;
        } finally {
            if (!isStream(outcome)) {
                close();
            }
            count(outcome, shared.nanos().getAsLong() - began);
        }
    }

    private static boolean isStream(@Nullable Outcome outcome) {
        return outcome instanceof Outcome.Answered answered
                && answered.answer() instanceof Answer.Streamed;
    }

    /// To be called when an answer that streams has been passed on: until then its replica works.
    @Override
    public void close() {
        Counted ending = counted;
        if (ending != null) {
            counted = null;
            ending.traffic.end(ending.began, shared.nanos().getAsLong(), ending.status);
        }
    }

    private static final class Counted {
        private final ModelTraffic traffic;
        private final long began;
        private int status = ErrorCode.INTERNAL.httpStatus();

        Counted(ModelTraffic traffic, long began) {
            this.traffic = traffic;
            this.began = began;
            traffic.begin(began);
        }
    }

    private Forwarding.Manner manner(Destination stage) {
        Steering steering = stage.steering();
        if (steering.equals(Steering.NONE)) {
            return Forwarding.Plain.NONE;
        }
        boolean safe =
                inbound.model() != null
                        || inbound.named() != null
                        || inbound.method().equals(Method.GET)
                        || inbound.method().equals(Method.HEAD);
        return new Forwarding.Steered(
                stage.name(),
                safe ? steering.hedge() : null,
                stage.traffic().recent(),
                steering.byPrefix() && inbound.model() != null
                        ? PromptPrefix.of(inbound.body())
                        : 0,
                steering.held());
    }

    /// @param outcome null when the client left before there was one
    private void count(@Nullable Outcome outcome, long nanos) {
        if (side == null) {
            return;
        }
        if (outcome == null) {
            side.waitedInVain(nanos);
        } else if (outcome instanceof Outcome.Refused && outcome.status() < 500) {
            // It was not asked: it does not have what the client wants.
            return;
        } else if (outcome.status() >= 500) {
            side.failed();
        } else {
            side.answered(nanos);
        }
    }

    private AnswerVerdict verdict(Destination first, Outcome outcome, boolean others) {
        long now = shared.nanos().getAsLong();
        long left = call.deadlineNanos() - now;
        switch (outcome) {
            case Outcome.Refused refused -> {
                boolean again =
                        others
                                && left > 0
                                && (refused.code() == ErrorCode.INVALID_REQUEST
                                        || refused.code() == ErrorCode.UPSTREAM_FAILED
                                        || refused.code() == ErrorCode.UNAVAILABLE
                                        || refused.code() == ErrorCode.DEADLINE_EXCEEDED);
                if (again) {
                    keep(outcome);
                    return new AnswerVerdict.Again(0, refused.message());
                }
                return new AnswerVerdict.Pass(refused.message(), sent > 1);
            }
            case Outcome.Answered answered -> {
                AnswerRule rule = first.answers();
                if (rule == null) {
                    return AnswerVerdict.PASS;
                }
                Answer answer = answered.answer();
                AnswerVerdict verdict =
                        rule.decide(
                                new AnswerRule.Seen(
                                        answer.status(),
                                        RetryAfter.shouldRetry(answer.headers()),
                                        RetryAfter.nanos(answer.headers(), shared.clock()),
                                        sent,
                                        others,
                                        left),
                                shared.budget(),
                                now);
                if (verdict instanceof AnswerVerdict.Again) {
                    keep(new Outcome.Answered(answered.replica(), whole(answer)));
                }
                return verdict;
            }
        }
    }

    /// An answer of an upstream says more than a refusal of ours.
    private void keep(Outcome outcome) {
        if (last == null || outcome instanceof Outcome.Answered) {
            last = outcome;
        }
    }

    /// A refusal is worth less than an answer that was set aside before.
    private Outcome withAdvice(Outcome outcome, AnswerVerdict verdict) {
        boolean noMore = verdict instanceof AnswerVerdict.Pass(_, boolean end) && end;
        Outcome better =
                outcome instanceof Outcome.Refused && last instanceof Outcome.Answered
                        ? last
                        : outcome;
        return noMore && better instanceof Outcome.Answered(Replica replica, Answer answer, _)
                ? new Outcome.Answered(replica, answer, true)
                : better;
    }

    /// Reads an answer that is not passed on now, so that its connection can be used again.
    private static Answer whole(Answer answer) {
        if (!(answer instanceof Answer.Streamed(_, _, AnswerStream body))) {
            return answer;
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        try (body) {
            for (BufferData piece = body.next();
                    piece != null && kept.size() < MAX_KEPT;
                    piece = body.next()) {
                kept.writeBytes(piece.readBytes());
            }
        } catch (AttemptFailed e) {
            // What there is of it is enough.
        }
        return new Answer.Whole(answer.status(), answer.headers(), kept.toByteArray());
    }

    private boolean isReachable(Destination stage, int index) {
        ServedModel served = table.served(stage.targets().get(index).served());
        if (served == null) {
            return false;
        }
        long now = shared.nanos().getAsLong();
        List<Replica> replicas = served.replicas();
        for (int i = 0; i < replicas.size(); i++) {
            if (!replicas.get(i).candidate().isEjected(now)) {
                return true;
            }
        }
        return false;
    }

    private void await(long nanos) throws InterruptedException {
        shared.live().awaitChange(table, call, shared.nanos().getAsLong() + nanos);
        if (call.hasLeft()) {
            throw new CloseConnectionException("the client left");
        }
    }
}
