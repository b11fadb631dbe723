package dev.tidemill.server.protocol;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.limits.Admission;
import dev.tidemill.server.admission.AdmissionGate;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.metrics.ModelMeters.Outcome;
import dev.tidemill.server.payload.Payload;
import dev.tidemill.server.payload.PayloadEntry;
import dev.tidemill.server.payload.PayloadLog;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The way of every inference request, whatever its protocol: admitted, read within the limits,
/// answered, counted.
///
/// @param maxBodyBytes of one request
/// @param nanos monotonic clock
/// @param guards what else happens around requests
public record Inference(AdmissionGate gate, long maxBodyBytes, LongSupplier nanos, Guards guards) {
    /// How long the client waits, in ms: a request that cannot be answered by then is not run.
    static final HeaderName TIMEOUT = HeaderNames.create("tidemill-timeout-ms");

    private static final Header COME_BACK = HeaderValues.create(HeaderNames.RETRY_AFTER, "1");
    private static final long MAX_TIMEOUT_MILLIS = 86_400_000;

    /// With nothing around it.
    public Inference(AdmissionGate gate, long maxBodyBytes, LongSupplier nanos) {
        this(gate, maxBodyBytes, nanos, Guards.NONE);
    }

    /// @param payloads what requests and answers are logged to; empty for nowhere
    /// @param bodies ends those that come too slowly; empty for never
    /// @param millis since 1970
    public record Guards(
            Optional<PayloadLog> payloads, Optional<BodyWatch> bodies, LongSupplier millis) {
        static final Guards NONE = new Guards(Optional.empty(), Optional.empty(), () -> 0);
    }

    /// One protocol's part.
    @FunctionalInterface
    public interface Answer {
        /// @param reservation asked before the run for what it needs beside the body
        Reply of(byte[] body, Bodies.Budget reservation);
    }

    /// A part of a protocol that is not HTTP.
    @FunctionalInterface
    public interface Work<T> {
        /// @param reservation asked before the run for what it needs beside the message
        T done(Bodies.Budget reservation);
    }

    /// Over HTTP.

    public void answer(
            ServedModel model, ServerRequest request, ServerResponse response, Answer answer) {
        long begin = nanos.getAsLong();
        Optional<Duration> timeout = timeout(request);
        if (timeout.isEmpty()) {
            counted(model, request, response, answer, begin);
        } else {
            ScopedValue.where(InferenceCall.DEADLINE, begin + timeout.get().toNanos())
                    .run(() -> counted(model, request, response, answer, begin));
        }
    }

    private void counted(
            ServedModel model,
            ServerRequest request,
            ServerResponse response,
            Answer answer,
            long begin) {
        Outcome outcome = Outcome.ERROR;
        Exchange exchange =
                guards.payloads()
                        .filter(log -> log.wants(model.name()))
                        .map(log -> new Exchange(log, model, request))
                        .orElse(null);
        try (AdmissionGate.Permit permit = gate.enter()) {
            require(permit.admission(), response);
            Bodies.Budget budget = bytes -> require(permit.grow(bytes), response);
            byte[] body = body(request, budget);
            if (exchange != null) {
                exchange.asked(body);
            }
            long had = nanos.getAsLong();
            Reply reply = answer.of(body, budget);
            if (exchange != null) {
                exchange.answered(reply);
                reply.failure().ifPresent(exchange::failed);
            }
            if (!reply.sent()) {
                watched(permit, had);
                send(response, reply);
            }
            outcome = reply.failure().map(why -> Outcome.of(why.code().kind())).orElse(Outcome.OK);
        } catch (TidemillException e) {
            outcome = Outcome.of(e.code().kind());
            if (e.code() == ErrorCode.OVERLOADED) {
                response.headers().setIfAbsent(COME_BACK);
            }
            if (exchange != null) {
                exchange.failed(e);
            }
            throw e;
        } catch (CloseConnectionException e) {
            throw e;
        } catch (RuntimeException e) {
            if (exchange != null) {
                exchange.broke(e);
            }
            throw e;
        } finally {
            long took = nanos.getAsLong() - begin;
            model.meters().request(outcome, took);
            if (exchange != null) {
                exchange.end(took, guards.millis());
            }
        }
    }

    private void watched(AdmissionGate.Permit permit, long since) {
        if (permit.isWatched()) {
            long now = nanos.getAsLong();
            permit.answered(now, now - since);
        }
    }

    private byte[] body(ServerRequest request, Bodies.Budget budget) {
        return guards.bodies().isEmpty()
                ? Bodies.read(request, maxBodyBytes, budget)
                : guards.bodies()
                        .get()
                        .reading(budget, watched -> Bodies.read(request, maxBodyBytes, watched));
    }

    private static Optional<Duration> timeout(ServerRequest request) {
        Optional<String> said = request.headers().first(TIMEOUT);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        try {
            long millis = Long.parseLong(said.get());
            if (millis > 0 && millis <= MAX_TIMEOUT_MILLIS) {
                return Optional.of(Duration.ofMillis(millis));
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "Tidemill-Timeout-Ms: '%s' (expected: 1 to %d)"
                        .formatted(said.get(), MAX_TIMEOUT_MILLIS));
    }

    /// Over anything else.
    ///
    /// @param bytes of the message, which is in memory already
    /// @throws TidemillException also `OVERLOADED`
    public <T> T call(ServedModel model, long bytes, Work<T> work) {
        long begin = nanos.getAsLong();
        Outcome outcome = Outcome.ERROR;
        int status = Exchange.DEFECT;
        String error = "defect";
        try (AdmissionGate.Permit permit = gate.enter()) {
            require(permit.admission());
            Bodies.Budget budget = more -> require(permit.grow(more));
            budget.take(bytes);
            T done = work.done(budget);
            if (!model.isDecoupled()) {
                watched(permit, begin);
            }
            outcome = Outcome.OK;
            status = Exchange.OK;
            error = "";
            return done;
        } catch (TidemillException e) {
            outcome = Outcome.of(e.code().kind());
            status = e.code().httpStatus();
            error = String.valueOf(e.getMessage());
            throw e;
        } finally {
            long took = nanos.getAsLong() - begin;
            model.meters().request(outcome, took);
            if (guards.payloads().isPresent() && guards.payloads().get().wants(model.name())) {
                guards.payloads().get().add(call(model, begin, took, status, error));
            }
        }
    }

    /// Without the messages, which are in memory as objects only.
    private PayloadEntry call(ServedModel model, long begin, long took, int status, String error) {
        return new PayloadEntry(
                guards.millis().getAsLong(),
                "call-%x-%x".formatted(begin, Thread.currentThread().threadId()),
                model.name(),
                model.version(),
                "grpc",
                status,
                took,
                Payload.NONE,
                Payload.NONE,
                error);
    }

    private static void send(ServerResponse response, Reply reply) {
        response.header(reply.contentType());
        reply.more().forEach(response::header);
        Bodies.sendBytes(response, reply.body());
    }

    private static void require(Admission admission) {
        if (admission instanceof Admission.Shed(var code, _, var reason)) {
            throw new TidemillException(code, "overloaded: " + reason);
        }
    }

    private static void require(Admission admission, ServerResponse response) {
        switch (admission) {
            case Admission.Admitted _ -> {}
            case Admission.Shed(var code, var retryAfter, var reason) -> {
                if (retryAfter.isPositive()) {
                    response.header(
                            HeaderNames.RETRY_AFTER, String.valueOf(retryAfter.toSeconds()));
                }
                throw new TidemillException(code, "overloaded: " + reason);
            }
        }
    }
}
