package dev.tidemill.gateway.forward;

import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.gateway.upstream.OutgoingRequest;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.http.tracing.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The span of one attempt at a replica, in OpenTelemetry's conventions for HTTP clients. It ends
/// with the answer's last byte; the replica is told of it, so that its own span belongs to it.
final class AttemptTrace {
    private AttemptTrace() {}

    /// As [Replica#send], which is all that it does where nothing is traced.
    ///
    /// @param before attempts that were made for this request already
    static Answer send(
            Replica replica, OutgoingRequest request, boolean fresh, Call call, int before)
            throws AttemptFailed {
        Span current = Span.current();
        if (!current.isLive()) {
            return replica.send(request, fresh, call);
        }
        Span span = begin(current, replica, request, before);
        try {
            Answer answer = replica.send(told(request, span), fresh, call);
            span.set("http.response.status_code", answer.status());
            if (answer.status() >= 400) {
                span.fail(String.valueOf(answer.status()));
            }
            switch (answer) {
                case Answer.Whole _ -> span.end();
                case Answer.Streamed streamed -> streamed.body().onEnd(span);
            }
            return answer;
        } catch (AttemptFailed e) {
            span.fail(e.kind().name().toLowerCase(Locale.ROOT)).end();
            throw e;
        } catch (RuntimeException e) {
            span.fail(e.getClass().getName()).end();
            throw e;
        }
    }

    private static Span begin(Span current, Replica replica, OutgoingRequest request, int before) {
        Span span = current.call(request.method());
        if (span.isRecorded()) {
            span.set("http.request.method", request.method())
                    .set("url.full", replica.url() + request.path())
                    .at(replica.url().getAuthority())
                    .set("tidemill.replica", replica.id());
            if (before > 0) {
                span.set("http.request.resend_count", before);
            }
        }
        return span;
    }

    private static OutgoingRequest told(OutgoingRequest request, Span span) {
        List<String> headers = new ArrayList<>();
        span.propagate((name, value) -> headers.add(name + ": " + value));
        return request.with(headers);
    }
}
