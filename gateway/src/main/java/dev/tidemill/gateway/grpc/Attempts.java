package dev.tidemill.gateway.grpc;

import static java.util.Objects.requireNonNull;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.canary.LiveCanary;
import dev.tidemill.gateway.canary.SideCounts;
import dev.tidemill.gateway.forward.Traits;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.routing.AnswerRule;
import dev.tidemill.routing.AnswerVerdict;
import dev.tidemill.routing.canary.CanarySplit;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
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
    private @Nullable SideCounts side;

    /// The best that there is when nothing else comes of it.
    private Result.@Nullable Answered<R> last;

    private @Nullable TidemillException refusal;

    /// Makes one attempt.
    @FunctionalInterface
    interface Sender<R> {
        Result<R> send(Peer peer, Destination.Target target) throws InterruptedException;
    }

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

    /// @throws TidemillException when nobody answered
    R run(Destination first) throws InterruptedException {
        parts.budget().request();
        List<Destination> stages = new ArrayList<>(1 + first.fallback().size());
        stages.add(first);
        for (String name : first.fallback()) {
            Destination next = table.route(name);
            if (next != null) {
                stages.add(next);
            }
        }
        for (int i = 0; i < stages.size(); i++) {
            Result.Answered<R> answer = stage(first, stages.get(i), i + 1 < stages.size());
            if (answer != null) {
                return answer.value();
            }
        }
        if (last != null) {
            return last.value();
        }
        throw requireNonNull(refusal, "a refusal");
    }

    /// Null when another stage should be asked.
    private Result.@Nullable Answered<R> stage(Destination first, Destination stage, boolean more)
            throws InterruptedException {
        BitSet tried = new BitSet();
        double at = traits.split(stage);
        int count = stage.targets().size();
        LiveCanary.Step rollout = stage.canary() == null ? null : stage.canary().step();
        int usable = rollout != null && rollout.share() <= 0 ? count - 1 : count;
        while (true) {
            int index = pick(stage, rollout, at, i -> !tried.get(i) && isReachable(stage, i));
            if (index < 0) {
                index = pick(stage, rollout, at, i -> !tried.get(i));
            }
            if (index < 0) {
                return null;
            }
            if (sent > 0) {
                parts.metrics().counter(GatewayMetrics.FALLBACKS, first.name()).increment();
            }
            tried.set(index);
            boolean others = more || tried.cardinality() < usable;
            side = rollout == null ? null : rollout.of(index == count - 1);
            Result.Answered<R> answer = ask(stage, stage.targets().get(index), others);
            if (answer != null && !isAgain(first, answer, others)) {
                if (last != null) {
                    TargetAttempts.drop(last);
                }
                return answer;
            }
            if (answer == null && !others) {
                return null;
            }
        }
    }

    private static int pick(
            Destination stage, LiveCanary.@Nullable Step rollout, double at, IntPredicate usable) {
        return rollout == null
                ? stage.split().pick(at, usable)
                : new CanarySplit(stage.split()).pick(rollout.share(), at, usable);
    }

    /// Null when nobody of the target answered; the refusal says why.
    private Result.@Nullable Answered<R> ask(
            Destination stage, Destination.Target target, boolean others)
            throws InterruptedException {
        sent++;
        ServedModel scaled =
                stage.isRoute() && target.model() != null ? table.served(target.served()) : null;
        long began = parts.nanos().getAsLong();
        int status = ErrorCode.INTERNAL.httpStatus();
        if (scaled != null) {
            scaled.traffic().begin(began);
        }
        try {
            TargetAttempts<R> attempts =
                    new TargetAttempts<>(
                            parts,
                            table,
                            target,
                            deadlineNanos,
                            others ? 0 : stage.patience().reach(),
                            stage.steering().held(),
                            sender);
            Result.Answered<R> answer = attempts.run();
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
            long now = parts.nanos().getAsLong();
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
        if (status == ErrorCode.CANCELLED.httpStatus()) {
            side.waitedInVain(nanos);
        } else if (status >= 500) {
            side.failed();
        } else {
            side.answered(nanos);
        }
    }

    private boolean isAgain(Destination first, Result.Answered<R> answer, boolean others) {
        AnswerRule rule = first.answers();
        if (answer.code() == Status.Code.OK || rule == null || !others) {
            return false;
        }
        long now = parts.nanos().getAsLong();
        AnswerVerdict verdict =
                rule.decide(
                        new AnswerRule.Seen(
                                Trailers.httpStatus(answer.code()),
                                null,
                                -1,
                                sent,
                                true,
                                deadlineNanos - now),
                        parts.budget(),
                        now);
        if (verdict instanceof AnswerVerdict.Again) {
            if (last != null) {
                TargetAttempts.drop(last);
            }
            last = answer;
            return true;
        }
        return false;
    }

    private boolean isReachable(Destination stage, int index) {
        ServedModel served = table.served(stage.targets().get(index).served());
        long now = parts.nanos().getAsLong();
        return served != null
                && served.replicas().stream()
                        .filter(replica -> replica.grpcPort() > 0)
                        .anyMatch(replica ->
                                !parts.channels().of(replica).candidate().isEjected(now));
    }
}
