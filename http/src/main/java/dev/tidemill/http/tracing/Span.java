package dev.tidemill.http.tracing;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// A piece of the work for one request, with a begin, an end, and what is said about it; spans
/// within spans are the request's trace. Where nothing is traced it is [#NONE], whose methods do
/// nothing and make nothing, so that callers need not ask first.
///
/// Attributes and names follow OpenTelemetry's semantic conventions where there are any; the others
/// begin with `tidemill.`. Thread-safe.
public sealed interface Span permits NoSpan, LiveSpan {
    /// Of the request that this thread works for; unbound where nothing is traced.
    ScopedValue<Span> CURRENT = ScopedValue.newInstance();

    Span NONE = new NoSpan();

    static Span current() {
        return CURRENT.orElse(NONE);
    }

    /// Whether it belongs to a trace, be it one that is not recorded: then it says so to those whom
    /// this process asks.
    boolean isLive();

    /// Whether what is said about it is going to be exported.
    boolean isRecorded();

    /// 32 hexadecimal digits; empty for [#NONE].
    String traceId();

    /// One that is part of this one and begins now. [#NONE] where this one is not recorded.
    Span child(String name);

    /// As above, for what was measured.
    ///
    /// @param beginNanos on the process's monotonic clock
    /// @param links spans of other requests that had to do with it, ended or not; those of traces
    ///   that are not recorded are left out
    Span child(String name, long beginNanos, List<Span> links);

    /// A question to another process, which begins now. It is live whenever this one is: the other
    /// process must know the trace.
    Span call(String name);

    Span set(String key, String value);

    Span set(String key, long value);

    Span set(String key, boolean value);

    /// Where the server is that it has to do with.
    ///
    /// @param authority `name`, `name:port` or `[address]:port`
    Span at(String authority);

    Span rename(String name);

    /// Says that it failed.
    ///
    /// @param type one of few, such as a status or the name of an exception
    Span fail(String type);

    void end();

    /// @param nanos on the process's monotonic clock
    void end(long nanos);

    /// Gives the headers that tell another process of this span: none for [#NONE].
    void propagate(BiConsumer<String, String> headers);

    /// Does the work as a part of this span: it is the current one meanwhile.
    <T> T during(Supplier<T> work);

    /// The work as a part of this span, on whatever thread; the same work where there is no span.
    Runnable carry(Runnable work);

    /// As above.
    <T> Callable<T> carry(Callable<T> work);
}
