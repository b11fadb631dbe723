package dev.tidemill.gateway.forward;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.admission.Admission;
import dev.tidemill.gateway.admission.Asked;
import dev.tidemill.gateway.admission.Reservation;
import dev.tidemill.gateway.audit.Noted;
import dev.tidemill.gateway.openai.ModelRequest;
import dev.tidemill.gateway.openai.Usage;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.gateway.traffic.ModelTraffic;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.http.tracing.Span;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

/// Takes a request whose destination is known to its answer: may it, is there room for it, who
/// answers, what did it use.
///
/// @param shared what all requests share
record Passage(Forwarder shared, Admission admission, Heartbeats heartbeats) {
    /// The answer was cut off.
    private static final int CUT_OFF = 0;

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
        Noted.sent(inbound.body());
        check(caller, destination, model);
        long estimate =
                asked != null && table.limits().countTokens() ? asked.estimate(ANSWER_TOKENS) : 0;
        long began = shared.nanos().getAsLong();
        try (Reservation reservation =
                        admission.reserve(
                                table.limits(),
                                new Asked(caller, model, route),
                                estimate,
                                response.headers());
                Call call = Call.ofCaller(began + destination.patience().request())) {
            shared.budget().request();
            Traits traits = new Traits(inbound.headers(), caller, shared.random());
            Chain chain = new Chain(shared, table, inbound, traits, call);
            measure(
                    destination,
                    call,
                    began,
                    () ->
                            asked == null
                                    ? pass(chain, destination, inbound, response)
                                    : answer(
                                            table,
                                            chain,
                                            destination,
                                            inbound,
                                            asked,
                                            call,
                                            reservation,
                                            response));
        }
    }

    private static void check(Caller caller, Destination destination, String model) {
        boolean allowed;
        if (!destination.isRoute()) {
            allowed = caller.routes().isEmpty() || caller.models().contains(model);
        } else {
            allowed = caller.mayUseRoute(destination.name());
        }
        boolean byRoute = model.isEmpty() && caller.routes().contains(destination.name());
        if (!allowed || !(byRoute || caller.mayUseModel(model))) {
            throw new TidemillException(
                    ErrorCode.FORBIDDEN,
                    "key '%s': '%s' (expected: a model and route that it may use)"
                            .formatted(caller.key(), model.isEmpty() ? destination.name() : model));
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
                AnswerWriter.write(answered, inbound.method(), response);
                yield answered.status();
            }
            case Outcome.Refused refused -> throw refused(refused, chain, response);
        };
    }

    private int answer(
            ReplicaTable table,
            Chain chain,
            Destination destination,
            Inbound inbound,
            ModelRequest asked,
            Call call,
            Reservation reservation,
            ServerResponse response)
            throws InterruptedException {
        EventOut events =
                asked.stream()
                        ? new EventOut(response, call, shared.nanos(), table.heartbeatNanos())
                        : null;
        ModelAnswers answers = new ModelAnswers(inbound, asked, response, call, events);
        if (events != null) {
            heartbeats.add(events);
        }
        try {
            Outcome outcome = chain.run(destination);
            if (outcome instanceof Outcome.Refused refused) {
                throw refused(refused, chain, response);
            }
            Outcome.Answered answered = (Outcome.Answered) outcome;
            Noted.upstream(answered.replica().id());
            answers.write(answered);
            return answers.isBroken() ? CUT_OFF : outcome.status();
        } catch (TidemillException e) {
            if (!answers.tell(e.code(), String.valueOf(e.getMessage()))) {
                throw e;
            }
            Noted.failed(e.code(), String.valueOf(e.getMessage()));
            return CUT_OFF;
        } finally {
            if (events != null) {
                heartbeats.remove(events);
            }
            settle(destination, reservation, answers.usage());
        }
    }

    private void settle(Destination destination, Reservation reservation, @Nullable Usage usage) {
        if (usage == null) {
            reservation.settle(0);
            return;
        }
        reservation.settle(usage.total());
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
