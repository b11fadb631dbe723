package dev.tidemill.gateway.forward;

import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.AnswerStream;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.HeaderSet;
import dev.tidemill.gateway.upstream.HopByHop;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.WholeAnswer;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Passes a replica's answer on to the client.
final class AnswerWriter {
    private static final HeaderSet REPLACED =
            HeaderSet.of(
                    HeaderNames.CONTENT_LENGTH,
                    RequestId.HEADER,
                    Replica.HEADER,
                    // Where else the upstream is, which is nobody's business.
                    HeaderNames.create("Alt-Svc"));

    private AnswerWriter() {}

    /// @throws CloseConnectionException when the client left, or the replica broke off and the
    ///   client must see that
    ///
    /// @param prefix of the path that was taken off the request
    static void write(
            Outcome.Answered answered, Inbound inbound, String prefix, ServerResponse response) {
        head(answered, inbound, prefix, response);
        Method method = inbound.method();
        try {
            switch (answered.answer()) {
                case Answer.Whole whole -> send(whole, method, response);
                case Answer.Streamed(_, _, AnswerStream body) -> stream(body, response);
            }
        } catch (ServerConnectionException | UncheckedIOException e) {
            throw new CloseConnectionException("the client left", e);
        }
    }

    /// Status and headers, without what says how long the body is.
    static void head(
            Outcome.Answered answered, Inbound inbound, String prefix, ServerResponse response) {
        Answer answer = answered.answer();
        response.status(Status.create(answer.status()));
        Whereabouts places = new Whereabouts(answered.replica().url(), inbound.host(), prefix);
        copy(answer.headers(), places, response.headers());
        response.headers().set(answered.replica().header());
        if (answered.last()) {
            response.headers().set(RetryAfter.SHOULD_RETRY, "false");
        }
    }

    private static void copy(Headers from, Whereabouts places, ServerResponseHeaders to) {
        HopByHop hopByHop = HopByHop.of(from);
        for (Header header : from) {
            HeaderName name = header.headerName();
            if (hopByHop.endsHere(header) || REPLACED.contains(name) || isSaid(name, to)) {
                continue;
            }
            if (name.equals(HeaderNames.VARY)) {
                to.add(header);
            } else {
                Header passed = Whereabouts.isNamed(header) ? places.passed(header) : header;
                if (passed != null) {
                    to.set(passed);
                }
            }
        }
    }

    /// Whether the gateway has said that itself: its limits and its origins are what clients meet,
    /// not those that it meets at its upstream.
    private static boolean isSaid(HeaderName name, ServerResponseHeaders to) {
        String said = name.lowerCase();
        if (said.startsWith("access-control-")) {
            return to.contains(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN);
        }
        return (said.startsWith("x-ratelimit-") || said.startsWith("x-tidemill-"))
                && to.contains(name);
    }

    private static void send(Answer.Whole whole, Method method, ServerResponse response) {
        if (method.equals(Method.HEAD) && whole.headers().contains(HeaderNames.CONTENT_LENGTH)) {
            // The length that GET would have.
            response.headers().set(whole.headers().get(HeaderNames.CONTENT_LENGTH));
        }
        WholeAnswer.send(response, whole.body());
    }

    private static void stream(AnswerStream body, ServerResponse response) {
        boolean live = body.length().isEmpty();
        if (live) {
            response.headers().set(HeaderValues.TRANSFER_ENCODING_CHUNKED);
        } else {
            response.headers().contentLength(body.length().getAsLong());
        }
        try (body) {
            // Closing it would end the body as if it were whole, so it is closed only when it is.
            OutputStream out = response.outputStream();
            for (BufferData piece = body.next(); piece != null; piece = body.next()) {
                piece.writeTo(out);
                if (live) {
                    out.flush();
                }
            }
            out.close();
        } catch (AttemptFailed e) {
            throw new CloseConnectionException("the replica broke off its answer", e);
        } catch (IOException e) {
            throw new CloseConnectionException("the client left", e);
        }
    }
}
