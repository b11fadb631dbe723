package dev.tidemill.gateway.grpc;

import dev.tidemill.http.tracing.Span;
import dev.tidemill.routing.FailureKind;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Locale;

/// The span of one attempt at a replica, in OpenTelemetry's conventions for RPC. The replica is
/// told of it, so that its own span belongs to it.
final class AttemptSpan {
    private AttemptSpan() {}

    /// @param headers of the attempt, which get the span's
    static Span begin(Peer peer, MethodDescriptor<?, ?> method, Metadata headers) {
        Span current = Span.current();
        if (!current.isLive()) {
            return Span.NONE;
        }
        Span span = current.call(method.getFullMethodName());
        if (span.isRecorded()) {
            span.set("rpc.system", "grpc")
                    .set("rpc.service", String.valueOf(method.getServiceName()))
                    .set("rpc.method", String.valueOf(method.getBareMethodName()))
                    .at(peer.authority())
                    .set("tidemill.replica", peer.id());
        }
        span.propagate((name, value) -> {
            Metadata.Key<String> key = Trailers.key(name);
            headers.discardAll(key);
            headers.put(key, value);
        });
        return span;
    }

    /// Says what became of it; whoever began it ends it.
    static void end(Span span, Result<?> result) {
        switch (result) {
            case Result.Answered(_, Status.Code code) -> told(span, code);
            case Result.Failed(FailureKind kind) -> span.fail(kind.name().toLowerCase(Locale.ROOT));
        }
    }

    static void told(Span span, Status.Code code) {
        span.set("rpc.grpc.status_code", code.value());
        if (code != Status.Code.OK) {
            span.fail(code.name());
        }
    }
}
