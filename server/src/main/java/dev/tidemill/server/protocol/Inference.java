package dev.tidemill.server.protocol;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.limits.Admission;
import dev.tidemill.server.admission.AdmissionGate;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.metrics.ModelMeters.Outcome;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.LongSupplier;

/// The way of every inference request, whatever its protocol: admitted, read within the limits,
/// answered, counted.
///
/// @param maxBodyBytes of one request
/// @param nanos monotonic clock
public record Inference(AdmissionGate gate, long maxBodyBytes, LongSupplier nanos) {

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
        Outcome outcome = Outcome.ERROR;
        try (AdmissionGate.Permit permit = gate.enter()) {
            require(permit.admission(), response);
            Bodies.Budget budget = bytes -> require(permit.grow(bytes), response);
            byte[] body = Bodies.read(request, maxBodyBytes, budget);
            send(response, answer.of(body, budget));
            outcome = Outcome.OK;
        } catch (TidemillException e) {
            outcome = Outcome.of(e.code().kind());
            throw e;
        } finally {
            model.meters().request(outcome, nanos.getAsLong() - begin);
        }
    }

    /// Over anything else.
    ///
    /// @param bytes of the message, which is in memory already
    /// @throws TidemillException also `OVERLOADED`
    public <T> T call(ServedModel model, long bytes, Work<T> work) {
        long begin = nanos.getAsLong();
        Outcome outcome = Outcome.ERROR;
        try (AdmissionGate.Permit permit = gate.enter()) {
            require(permit.admission());
            Bodies.Budget budget = more -> require(permit.grow(more));
            budget.take(bytes);
            T done = work.done(budget);
            outcome = Outcome.OK;
            return done;
        } catch (TidemillException e) {
            outcome = Outcome.of(e.code().kind());
            throw e;
        } finally {
            model.meters().request(outcome, nanos.getAsLong() - begin);
        }
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
