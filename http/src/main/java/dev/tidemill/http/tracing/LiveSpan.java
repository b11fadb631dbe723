package dev.tidemill.http.tracing;

import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A span of a trace that OpenTelemetry's SDK keeps.
final class LiveSpan implements Span {
    private final Origin origin;
    private final io.opentelemetry.api.trace.Span span;

    /// What the spans of one request in this process share.
    ///
    /// @param nanos the process's monotonic clock
    /// @param epoch what added to a time on that clock makes nanoseconds since 1970: taken anew for
    ///   every request, since clocks are set
    record Origin(Tracer tracer, LongSupplier nanos, long epoch) {}

    private LiveSpan(Origin origin, io.opentelemetry.api.trace.Span span) {
        this.origin = origin;
        this.span = span;
    }

    /// @param parent what the caller's headers said
    static Span server(Origin origin, String name, Context parent, long beginNanos) {
        return new LiveSpan(
                origin,
                origin.tracer()
                        .spanBuilder(name)
                        .setSpanKind(SpanKind.SERVER)
                        .setParent(parent)
                        .setStartTimestamp(origin.epoch() + beginNanos, TimeUnit.NANOSECONDS)
                        .startSpan());
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public boolean isRecorded() {
        return span.isRecording();
    }

    @Override
    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    @Override
    public Span child(String name) {
        return child(name, origin.nanos().getAsLong(), List.of());
    }

    @Override
    public Span child(String name, long beginNanos, List<Span> links) {
        if (!isRecorded()) {
            return NONE;
        }
        SpanBuilder builder = builder(name, SpanKind.INTERNAL, beginNanos);
        for (Span link : links) {
            if (link instanceof LiveSpan other && other.span.getSpanContext().isSampled()) {
                builder.addLink(other.span.getSpanContext());
            }
        }
        return new LiveSpan(origin, builder.startSpan());
    }

    @Override
    public Span call(String name) {
        return new LiveSpan(
                origin, builder(name, SpanKind.CLIENT, origin.nanos().getAsLong()).startSpan());
    }

    private SpanBuilder builder(String name, SpanKind kind, long beginNanos) {
        return origin.tracer()
                .spanBuilder(name)
                .setSpanKind(kind)
                .setParent(Context.root().with(span))
                .setStartTimestamp(origin.epoch() + beginNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Span set(String key, String value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public Span set(String key, long value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public Span set(String key, boolean value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public Span at(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        set("server.address", hasPort ? authority.substring(0, colon) : authority);
        if (hasPort) {
            try {
                set("server.port", Integer.parseInt(authority, colon + 1, authority.length(), 10));
            } catch (NumberFormatException _) {
                // A client may write there what it likes.
            }
        }
        return this;
    }

    @Override
    public Span rename(String name) {
        span.updateName(name);
        return this;
    }

    @Override
    public Span fail(String type) {
        span.setStatus(StatusCode.ERROR);
        return set("error.type", type);
    }

    @Override
    public void end() {
        end(origin.nanos().getAsLong());
    }

    @Override
    public void end(long nanos) {
        span.end(origin.epoch() + nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void propagate(BiConsumer<String, String> headers) {
        W3CTraceContextPropagator.getInstance()
                .inject(Context.root().with(span), headers, LiveSpan::put);
    }

    private static void put(
            @Nullable BiConsumer<String, String> headers, String name, String value) {
        if (headers != null) {
            headers.accept(name, value);
        }
    }

    @Override
    public <T> T during(Supplier<T> work) {
        return ScopedValue.where(CURRENT, this).<T, RuntimeException>call(work::get);
    }

    @Override
    public Runnable carry(Runnable work) {
        return () -> ScopedValue.where(CURRENT, this).run(work);
    }

    @Override
    public <T> Callable<T> carry(Callable<T> work) {
        return () -> ScopedValue.where(CURRENT, this).<T, Exception>call(work::call);
    }
}
