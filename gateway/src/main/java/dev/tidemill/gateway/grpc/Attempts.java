package dev.tidemill.gateway.grpc;

import static java.util.Objects.requireNonNull;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.canary.SideCounts;
import dev.tidemill.gateway.forward.Traits;
import dev.tidemill.gateway.forward.Turns;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.routing.AnswerRule;
import dev.tidemill.routing.AnswerVerdict;
import dev.tidemill.routing.FailureKind;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One call's way along the targets of its destination, then along those of its fallbacks, until
/// one gives an answer that can be passed on. Used by one thread, once.
final class Attempts<R> {
    private final GrpcParts parts;
    private final ReplicaTable table;
    private final Traits traits;
    private final Sender<R> sender;
    private final long deadlineNanos;
    private int sent;
    private boolean inVain;
    private @Nullable SideCounts side;

    /// The best that there is when nothing else comes of it.
    private Result.@Nullable Answered<R> last;

    private @Nullable TidemillException refusal;

    /// Makes one attempt.
    interface Sender<R> {
        /// @param patienceNanos within which there must be an answer
        Result<R> send(Peer peer, Destination.Target target, long patienceNanos)
                throws InterruptedException;

        /// Whether two replicas may be asked at a time.
        boolean canBeHedged();
    }

    /// @param deadlineNanos when an answer is of no use any more
    Attempts(
            GrpcParts parts,
            ReplicaTable table,
            Traits traits,
            long deadlineNanos,
            Sender<R> sender) {
        this.parts = parts;
        this.table = table;
        this.traits = traits;
        this.deadlineNanos = deadlineNanos;
        this.sender = sender;
    }

    /// Whether a client should not repeat the call: that was done here already.
    boolean isInVain() {
        return inVain;
    }

    /// @throws TidemillException when nobody answered
    R run(Destination first) throws InterruptedException {
        parts.budget().request();
        List<Destination> stages = Turns.stages(table, first);
        for (int i = 0; i < stages.size(); i++) {
            Result.Answered<R> answer = stage(first, stages.get(i), i + 1 < stages.size());
            if (answer != null) {
                return answer.value();
            }
        }
        inVain = sent > 1;
        if (last != null) {
            return last.value();
        }
        throw requireNonNull(refusal, "a refusal");
    }

    /// Null when another stage should be asked.
    private Result.@Nullable Answered<R> stage(Destination first, Destination stage, boolean more)
            throws InterruptedException {
        Turns turns = new Turns(stage, traits);
        turns.countLeftAlone(i -> isLeftAlone(stage, i));
        while (true) {
            int index = turns.next(i -> isReachable(stage, i));
            if (index < 0) {
                return null;
            }
            if (sent > 0) {
                parts.metrics().counter(GatewayMetrics.FALLBACKS, first.name()).increment();
            }
            boolean others = more || turns.hasMore();
            side = turns.side(index);
            Result.Answered<R> answer = ask(stage, stage.targets().get(index), others);
            if (answer == null) {
                if (!others || left() <= 0) {
                    return null;
                }
                continue;
            }
            switch (verdict(first, answer, others)) {
                case AnswerVerdict.Pass(_, boolean noMore) -> {
                    inVain = noMore;
                    keep(null);
                    return answer;
                }
                case AnswerVerdict.Again(long waitNanos, _) -> {
                    keep(answer);
                    if (waitNanos > 0) {
                        Pause.until(parts, table, now() + waitNanos);
                        turns.again(index);
                    }
                }
            }
        }
    }

    /// Null when nobody of the target answered; the refusal says why.
    private Result.@Nullable Answered<R> ask(
            Destination stage, Destination.Target target, boolean others)
            throws InterruptedException {
        sent++;
        ServedModel scaled =
                stage.isRoute() && target.model() != null ? table.served(target.served()) : null;
        long began = now();
        int status = ErrorCode.INTERNAL.httpStatus();
        if (scaled != null) {
            scaled.traffic().begin(began);
        }
        try {
            Result.Answered<R> answer =
                    new TargetAttempts<>(
                                    parts,
                                    table,
                                    stage,
                                    target,
                                    deadlineNanos,
                                    others ? 0 : stage.patience().reach(),
                                    sender)
                            .run();
            status = Trailers.httpStatus(answer.code());
            return answer;
        } catch (TidemillException e) {
            status = e.code().httpStatus();
            if (e.code() == ErrorCode.CANCELLED) {
                throw e;
            }
            refusal = e;
            return null;
        } finally {
            long now = now();
            if (scaled != null) {
                scaled.traffic().end(began, now, status);
            }
            count(status, now - began);
        }
    }

    private void count(int status, long nanos) {
        if (side == null) {
            return;
        }
        if (status == ErrorCode.CANCELLED.httpStatus()
                || (status == ErrorCode.DEADLINE_EXCEEDED.httpStatus()
                        && Arrival.isClientsOwn(FailureKind.TIMEOUT))) {
            side.waitedInVain(nanos);
        } else if (status >= 500) {
            side.failed();
        } else {
            side.answered(nanos);
        }
    }

    private AnswerVerdict verdict(Destination first, Result.Answered<R> answer, boolean others) {
        AnswerRule rule = first.answers();
        return answer.code() == Status.Code.OK || rule == null
                ? AnswerVerdict.PASS
                : rule.decide(Pushback.seen(answer, sent, others, left()), parts.budget(), now());
    }

    /// Sets an answer aside, and drops the one before.
    private void keep(Result.@Nullable Answered<R> answer) {
        if (last != null) {
            TargetAttempts.drop(last);
        }
        last = answer;
    }

    private boolean isLeftAlone(Destination stage, int index) {
        ServedModel served = table.served(stage.targets().get(index).served());
        return served != null
                && !parts.channels().of(served).isEmpty()
                && !isReachable(stage, index);
    }

    private boolean isReachable(Destination stage, int index) {
        long now = now();
        return parts.channels().of(table.served(stage.targets().get(index).served())).stream()
                .anyMatch(peer -> !peer.candidate().isEjected(now));
    }

    private long left() {
        return deadlineNanos - now();
    }

    private long now() {
        return parts.nanos().getAsLong();
    }
}
