package dev.tidemill.gateway.forward;

import dev.tidemill.gateway.hedge.Race;
import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.gateway.upstream.OutgoingRequest;
import dev.tidemill.gateway.upstream.Replica;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A [Race] of replicas for one request. A stream counts as answered with its first piece.
///
/// @param sent attempts before
/// @param one is the first attempt's call, `two` the second's: each can be ended alone
/// @param other picks the second
record Hedge(
        OutgoingRequest request,
        boolean fresh,
        int sent,
        Call one,
        Call two,
        Supplier<@Nullable Replica> other)
        implements Race.Field<Replica, Hedge.Tried> {
    /// What became of an attempt.
    sealed interface Tried {}

    record Told(Answer answer) implements Tried {}

    record NotTold(AttemptFailed failure) implements Tried {}

    /// @throws AttemptFailed when neither answered, with what the first one came to
    static Outcome.Answered run(
            Forwarder shared, String route, Replica first, long delayNanos, Hedge hedge)
            throws AttemptFailed, InterruptedException {
        Race.Won<Replica, Tried> won =
                new Race<>(
                                hedge,
                                new Race.Terms(
                                        route, shared.budget(), shared.metrics(), shared.nanos()))
                        .run(first, delayNanos);
        return switch (won.result()) {
            case Told(Answer answer) -> new Outcome.Answered(won.who(), answer);
            case NotTold(AttemptFailed failure) -> throw failure;
        };
    }

    @Override
    public Tried ask(Replica who, boolean isSecond) {
        try {
            return new Told(AttemptTrace.send(who, request, fresh, isSecond ? two : one, sent));
        } catch (AttemptFailed e) {
            return new NotTold(e);
        }
    }

    @Override
    public Race.Worth worth(Tried result) {
        return switch (result) {
            case NotTold _ -> Race.Worth.NO_ANSWER;
            case Told(Answer answer) -> Race.Worth.of(answer.status());
        };
    }

    @Override
    public @Nullable Replica second() {
        return other.get();
    }

    @Override
    public void stop(boolean second) {
        (second ? two : one).leave();
    }

    @Override
    public void drop(Tried result) {
        if (result instanceof Told(Answer.Streamed streamed)) {
            streamed.body().close();
        }
    }
}
