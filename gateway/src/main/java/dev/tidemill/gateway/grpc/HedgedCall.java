package dev.tidemill.gateway.grpc;

import dev.tidemill.gateway.hedge.Race;
import dev.tidemill.routing.FailureKind;
import io.grpc.Context;
import io.grpc.Status;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A [Race] of replicas for one call. Each attempt is within a context of its own, so that it can
/// be cancelled alone, and all of them are when the client leaves.
final class HedgedCall<R> implements Race.Field<Peer, Result<R>>, AutoCloseable {
    private final Attempt<R> attempt;
    private final Supplier<@Nullable Peer> other;
    private final Context.CancellableContext one = Context.current().withCancellation();
    private final Context.CancellableContext two = Context.current().withCancellation();

    /// Asks a replica.
    @FunctionalInterface
    interface Attempt<R> {
        Result<R> send(Peer peer) throws InterruptedException;
    }

    /// @param other picks the second
    HedgedCall(Attempt<R> attempt, Supplier<@Nullable Peer> other) {
        this.attempt = attempt;
        this.other = other;
    }

    @Override
    public Result<R> ask(Peer who, boolean isSecond) {
        Context own = isSecond ? two : one;
        Context before = own.attach();
        try {
            return attempt.send(who);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result.Failed<>(FailureKind.CLIENT_LEFT);
        } finally {
            own.detach(before);
        }
    }

    @Override
    public Race.Worth worth(Result<R> result) {
        return switch (result) {
            case Result.Failed<R> _ -> Race.Worth.NO_ANSWER;
            case Result.Answered<R>(_, Status.Code code) ->
                    Race.Worth.of(Trailers.httpStatus(code));
        };
    }

    @Override
    public @Nullable Peer second() {
        return other.get();
    }

    @Override
    public void stop(boolean second) {
        (second ? two : one).cancel(null);
    }

    @Override
    public void drop(Result<R> result) {
        if (result instanceof Result.Answered<R> answered) {
            TargetAttempts.drop(answered);
        }
    }

    /// What has been answered is whole; there is nothing left to cancel.
    @Override
    public void close() {
        one.cancel(null);
        two.cancel(null);
    }
}
