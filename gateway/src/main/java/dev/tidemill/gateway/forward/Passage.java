package dev.tidemill.gateway.forward;

import static java.util.Objects.requireNonNull;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.admission.Admission;
import dev.tidemill.gateway.admission.Asked;
import dev.tidemill.gateway.admission.Reservation;
import dev.tidemill.gateway.audit.Noted;
import dev.tidemill.gateway.cache.CachedAnswer;
import dev.tidemill.gateway.guard.AnswerGuard;
import dev.tidemill.gateway.guard.Guard;
import dev.tidemill.gateway.openai.ModelRequest;
import dev.tidemill.gateway.openai.OpenAiPaths;
import dev.tidemill.gateway.openai.Usage;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.gateway.traffic.GenAiTraffic;
import dev.tidemill.gateway.traffic.ModelTraffic;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Price;
import dev.tidemill.routing.FailureKind;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes a request whose destination is known to its answer: may it, is there room for it, who
/// answers, what did it use.
///
/// @param shared what all requests share
record Passage(
        Forwarder shared,
        Admission admission,
        Heartbeats heartbeats,
        Guarding guarding,
        Caching caching,
        GenAiTraffic genAi) {
    private static final int OK = 200;

    /// The answer was cut off.
    private static final int CUT_OFF = 0;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// Tokens of an answer whose length the request does not bound.
    private static final long ANSWER_TOKENS = 256;

    /// @param model as the client calls it; empty when it names none
    void serve(
            ReplicaTable table,
            Caller caller,
            Destination destination,
            String model,
            Inbound inbound,
            ServerResponse response)
            throws InterruptedException {
        ModelRequest asked = inbound.model();
        String route = destination.isRoute() ? destination.name() : "";
        Noted.target(route, model, asked == null ? "" : asked.user());
        Permission.check(caller, destination, model);
        Amount estimate =
                asked == null
                        ? Amount.NONE
                        : table.limits()
                                .estimate(model, asked.question(), asked.answer(ANSWER_TOKENS));
        long began = shared.nanos().getAsLong();
        try (Reservation reservation =
                        admission.reserve(
                                table.limits(),
                                new Asked(caller, model, route),
                                estimate,
                                destination.patience().request() / NANOS_PER_MILLI,
                                inbound.body().length,
                                response.headers());
                Call call = Call.ofCaller(began + destination.patience().request())) {
            List<Guard> guards =
                    asked == null ? List.of() : table.guards().about(caller, model, route);
            Inbound sent = guarding.look(guards, inbound);
            Noted.sent(sent.body());
            shared.budget().request();
            Asking asking =
                    asked == null
                            ? Asking.OFF
                            : caching.ask(table, caller, destination, model, sent, response);
            Traits traits = new Traits(inbound.headers(), caller, shared.random());
            try (Chain chain = new Chain(shared, table, sent, traits, call)) {
                measure(
                        destination,
                        call,
                        began,
                        () ->
                                asked == null
                                        ? pass(chain, destination, inbound, response)
                                        : answer(
                                                table,
                                                table.limits().price(model),
                                                chain,
                                                destination,
                                                sent,
                                                guarding.answer(guards),
                                                asking,
                                                call,
                                                reservation,
                                                response));
            }
        }
    }

    private void measure(Destination destination, Call call, long began, Answering answering)
            throws InterruptedException {
        ModelTraffic traffic = destination.traffic();
        int status = CUT_OFF;
        traffic.begin(began);
        try {
            status = answering.run();
        } catch (TidemillException e) {
            status = e.code().httpStatus();
            throw e;
        } finally {
            if (call.hasLeft()) {
                status = ErrorCode.CANCELLED.httpStatus();
                shared.metrics()
                        .counter(GatewayMetrics.CLIENTS_LEFT, destination.name())
                        .increment();
            }
            traffic.end(began, shared.nanos().getAsLong(), status);
        }
    }

    private static int pass(
            Chain chain, Destination destination, Inbound inbound, ServerResponse response)
            throws InterruptedException {
        return switch (chain.run(destination)) {
            case Outcome.Answered answered -> {
                Noted.upstream(answered.replica().id());
                try {
                    AnswerWriter.write(answered, inbound, destination.taken(), response);
                } catch (CloseConnectionException e) {
                    if (e.getCause() instanceof AttemptFailed cut
                            && cut.kind() != FailureKind.CLIENT_LEFT) {
                        chain.brokeOff();
                    }
                    throw e;
                }
                yield answered.status();
            }
            case Outcome.Refused refused -> throw refused(refused, chain, response);
        };
    }

    private int answer(
            ReplicaTable table,
            Price price,
            Chain chain,
            Destination destination,
            Inbound inbound,
            @Nullable AnswerGuard guard,
            Asking asking,
            Call call,
            Reservation reservation,
            ServerResponse response)
            throws InterruptedException {
        ModelRequest asked = requireNonNull(inbound.model());
        EventOut events =
                asked.stream()
                        ? new EventOut(response, call, shared.nanos(), table.heartbeatNanos())
                        : null;
        ModelAnswers answers =
                new ModelAnswers(inbound, asked, price, response, call, events, guard);
        answers.keep(asking.mostBytes());
        if (events != null) {
            heartbeats.add(events);
        }
        long began = shared.nanos().getAsLong();
        int status = CUT_OFF;
        try (asking) {
            CachedAnswer there = asking.answer(table, call, response);
            if (there != null) {
                answers.replay(there, () -> age(there, response));
                status = answers.isBroken() ? CUT_OFF : OK;
                return status;
            }
            Outcome outcome = chain.run(destination);
            if (outcome instanceof Outcome.Refused refused) {
                throw refused(refused, chain, response);
            }
            Outcome.Answered answered = (Outcome.Answered) outcome;
            Noted.upstream(answered.replica().id());
            answers.write(answered);
            if (answers.isCut()) {
                chain.brokeOff();
            }
            asking.keep(answers.kept(shared.nanos().getAsLong()));
            status = answers.isBroken() ? CUT_OFF : outcome.status();
            return status;
        } catch (TidemillException e) {
            if (!answers.tell(e.code(), String.valueOf(e.getMessage()))) {
                status = e.code().httpStatus();
                throw e;
            }
            Noted.failed(e.code(), String.valueOf(e.getMessage()));
            return CUT_OFF;
        } finally {
            if (events != null) {
                heartbeats.remove(events);
            }
            settle(destination, price, reservation, answers.usage());
            ended(
                    inbound.path(),
                    table.names(asked.model()) ? asked.model() : destination.name(),
                    new GenAiTraffic.Ended(
                            call.hasLeft() ? ErrorCode.CANCELLED.httpStatus() : status,
                            shared.nanos().getAsLong() - began,
                            events == null ? -1 : events.firstNanos(),
                            chain.sent() > 0,
                            answers.usage()));
        }
    }

    private void ended(String path, String model, GenAiTraffic.Ended ended) {
        String operation = OpenAiPaths.operation(path);
        if (!operation.isEmpty()) {
            genAi.ended(operation, model, ended);
        }
    }

    private void age(CachedAnswer there, ServerResponse response) {
        long seconds = (shared.nanos().getAsLong() - there.atNanos()) / NANOS_PER_SECOND;
        response.headers().set(HeaderNames.AGE, Long.toString(Math.max(0, seconds)));
    }

    private static void settle(
            Destination destination, Price price, Reservation reservation, @Nullable Usage usage) {
        if (usage == null) {
            reservation.settle(Amount.NONE);
            return;
        }
        long cost = price.of(usage.input(), usage.cached(), usage.output());
        reservation.settle(new Amount(usage.total(), cost));
        destination.traffic().cost(cost);
        if (!price.isFree()) {
            Noted.cost((cost + 500) / 1000);
        }
        Noted.tokens(usage.input(), usage.output(), usage.estimated());
        Span.current()
                .set("gen_ai.usage.input_tokens", usage.input())
                .set("gen_ai.usage.output_tokens", usage.output());
        destination.traffic().tokens(usage.input(), usage.output(), usage.estimated());
    }

    private static TidemillException refused(
            Outcome.Refused refused, Chain chain, ServerResponse response) {
        if (chain.sent() > 1) {
            response.headers().set(RetryAfter.SHOULD_RETRY, "false");
        }
        return new TidemillException(refused.code(), refused.message());
    }

    /// Gives the status that the client got.
    @FunctionalInterface
    private interface Answering {
        int run() throws InterruptedException;
    }
}
