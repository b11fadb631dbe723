package dev.tidemill.server.protocol;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ErrorKind;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.limits.Admission;
import dev.tidemill.server.admission.AdmissionGate;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.metrics.ModelMeters.Outcome;
import io.helidon.http.Header;
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
    private static final Header COME_BACK = HeaderValues.create(HeaderNames.RETRY_AFTER, "1");

    /// With nothing around it.
    public Inference(AdmissionGate gate, long maxBodyBytes, LongSupplier nanos) {
        this(gate, maxBodyBytes, nanos, Guards.NONE);
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

    /// What is done with a body.
    @FunctionalInterface
    public interface Upload {
        /// @param reservation asked before memory is taken for what is in the body
        void came(byte[] body, Bodies.Budget reservation);
    }

    /// Over HTTP.

    public void answer(
            ServedModel model, ServerRequest request, ServerResponse response, Answer answer) {
        long begin = nanos.getAsLong();
        name(model);
        Optional<Duration> timeout = ClientTimeout.of(request.headers().first(ClientTimeout.NAME));
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
        Exchange exchange = guards.exchange(model, request);
        try (AdmissionGate.Permit permit = gate.enter()) {
            require(permit.admission());
            Bodies.Budget budget = bytes -> require(permit.grow(bytes));
            byte[] body = guards.body(request, maxBodyBytes, budget);
            exchange.asked(body);
            long had = nanos.getAsLong();
            Reply reply = answer.of(body, new Lumps(budget));
            exchange.answered(reply);
            reply.failure().ifPresent(exchange::failed);
            if (!reply.sent()) {
                watched(permit, had);
                send(response, reply);
            }
            outcome = reply.failure().map(why -> Outcome.of(why.code().kind())).orElse(Outcome.OK);
        } catch (TidemillException e) {
            outcome = Outcome.of(e);
            comeBack(e, response);
            exchange.failed(e);
            throw e;
        } catch (CloseConnectionException e) {
            throw e;
        } catch (OutOfMemoryError e) {
            throw noMemory(e);
        } catch (RuntimeException e) {
            exchange.broke(e);
            throw e;
        } finally {
            long took = nanos.getAsLong() - begin;
            model.meters().request(outcome, took);
            exchange.end(took);
        }
    }

    /// Reads the body of a request that is no inference, such as the files of a model: it takes no
    /// place among them, but its bytes count, and it must come in time.
    public void upload(ServerRequest request, ServerResponse response, Upload upload) {
        try (AdmissionGate.Reserve reserve = gate.reserve()) {
            Bodies.Budget budget = bytes -> require(reserve.grow(bytes));
            upload.came(guards.body(request, maxBodyBytes, budget), budget);
        } catch (TidemillException e) {
            comeBack(e, response);
            throw e;
        }
    }

    private void watched(AdmissionGate.Permit permit, long since) {
        if (permit.isWatched()) {
            long now = nanos.getAsLong();
            permit.answered(now, now - since);
        }
    }

    /// Over anything else.
    ///
    /// @param bytes of the message, which is in memory already; 0 when they are held elsewhere
    /// @throws TidemillException also `OVERLOADED`
    public <T> T call(ServedModel model, long bytes, Work<T> work) {
        long begin = nanos.getAsLong();
        name(model);
        Outcome outcome = Outcome.ERROR;
        int status = LoggedExchange.DEFECT;
        String error = "defect";
        try (AdmissionGate.Permit permit = gate.enter()) {
            require(permit.admission());
            Bodies.Budget budget = more -> require(permit.grow(more));
            if (bytes > 0) {
                budget.take(bytes);
            }
            T done = work.done(new Lumps(budget));
            if (!model.isDecoupled()) {
                watched(permit, begin);
            }
            outcome = Outcome.OK;
            status = LoggedExchange.OK;
            error = "";
            return done;
        } catch (TidemillException e) {
            outcome = Outcome.of(e);
            status = e.code().httpStatus();
            error = String.valueOf(e.getMessage());
            throw e;
        } catch (OutOfMemoryError e) {
            throw noMemory(e);
        } finally {
            long took = nanos.getAsLong() - begin;
            model.meters().request(outcome, took);
            guards.ended(model, begin, took, status, error);
        }
    }

    /// In the request's span, so that it can be found by its model even when it fails early.
    private static void name(ServedModel model) {
        Span.current()
                .set("tidemill.model.name", model.name())
                .set("tidemill.model.version", model.version());
    }

    private void send(ServerResponse response, Reply reply) {
        response.header(reply.contentType());
        reply.more().forEach(response::header);
        guards.sending(response, reply.body());
    }

    /// The limit on bytes in flight keeps from it as far as it is set right; whoever asks later, or
    /// for less, is answered.
    private static TidemillException noMemory(OutOfMemoryError e) {
        return new TidemillException(
                ErrorCode.OVERLOADED,
                "overloaded: no memory for this request (expected: smaller ones, or fewer at a time)",
                e);
    }

    private static void require(Admission admission) {
        if (admission instanceof Admission.Shed(var code, _, var reason)) {
            throw new TidemillException(code, "overloaded: " + reason);
        }
    }

    /// What is full or not ready now will be otherwise soon; what is too large for good will not.
    private static void comeBack(TidemillException refused, ServerResponse response) {
        if (refused.code().kind() == ErrorKind.CAPACITY && refused.code() != ErrorCode.NO_SPACE) {
            response.headers().setIfAbsent(COME_BACK);
        }
    }
}
