package dev.tidemill.grpc;

import dev.tidemill.http.tracing.Span;
import dev.tidemill.http.tracing.Tracing;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// Gives every call its span, in OpenTelemetry's conventions for RPC. Calls of the health and
/// reflection services get none, unless whoever calls traces them. Only where traces are on. What
/// handles a call is a part of its span: `Span.current()`.
public final class CallTrace implements ServerInterceptor {
    private static final Metadata.Key<String> REQUEST_ID = key("x-request-id");
    private static final Metadata.Key<String> TRACEPARENT = key("traceparent");
    private static final Metadata.Key<String> TRACESTATE = key("tracestate");

    /// What the conventions call a failure of the server, and not of who called.
    private static final Set<Status.Code> OURS =
            Set.of(
                    Status.Code.UNKNOWN,
                    Status.Code.DEADLINE_EXCEEDED,
                    Status.Code.UNIMPLEMENTED,
                    Status.Code.INTERNAL,
                    Status.Code.UNAVAILABLE,
                    Status.Code.DATA_LOSS);

    private final Tracing tracing;

    /// Whether a status is a failure of who answered.
    public static boolean isFailure(Status.Code code) {
        return OURS.contains(code);
    }

    public CallTrace(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        MethodDescriptor<Q, A> method = call.getMethodDescriptor();
        String service = String.valueOf(method.getServiceName());
        if (isProbe(service) && !headers.containsKey(TRACEPARENT)) {
            return next.startCall(call, headers);
        }
        Span span =
                tracing.request(
                        method.getFullMethodName(),
                        wanted ->
                                all(
                                        headers,
                                        wanted.equals("traceparent") ? TRACEPARENT : TRACESTATE));
        span.set("rpc.system", "grpc")
                .set("rpc.service", service)
                .set("rpc.method", String.valueOf(method.getBareMethodName()));
        String authority = call.getAuthority();
        if (authority != null) {
            span.at(authority);
        }
        TracedCall<Q, A> traced = new TracedCall<>(call, span);
        return new TracedListener<>(span.during(() -> next.startCall(traced, headers)), traced);
    }

    private static boolean isProbe(String service) {
        return service.startsWith("grpc.health.") || service.startsWith("grpc.reflection.");
    }

    private static List<String> all(Metadata headers, Metadata.Key<String> key) {
        List<String> values = new ArrayList<>();
        Iterable<String> found = headers.getAll(key);
        if (found != null) {
            found.forEach(values::add);
        }
        return values;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /// Ends the span with the call, however that ends.
    private static final class TracedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final Span span;
        private final AtomicBoolean ended = new AtomicBoolean();

        TracedCall(ServerCall<Q, A> call, Span span) {
            super(call);
            this.span = span;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            name(headers);
            super.sendHeaders(headers);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            name(trailers);
            super.close(status, trailers);
            end(status.getCode());
        }

        private void name(Metadata headers) {
            String id = headers.get(REQUEST_ID);
            if (id != null) {
                span.set("tidemill.request.id", id);
            }
        }

        void end(Status.Code code) {
            if (ended.compareAndSet(false, true)) {
                span.set("rpc.grpc.status_code", code.value());
                if (OURS.contains(code)) {
                    span.fail(code.name());
                }
                span.end();
            }
        }
    }

    /// Works as a part of the span.
    private static final class TracedListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final TracedCall<Q, ?> call;

        TracedListener(ServerCall.Listener<Q> listener, TracedCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            call.span.carry(() -> super.onMessage(message)).run();
        }

        @Override
        public void onHalfClose() {
            call.span.carry(super::onHalfClose).run();
        }

        @Override
        public void onCancel() {
            super.onCancel();
            call.end(Status.Code.CANCELLED);
        }
    }
}
