package dev.tidemill.http;

import dev.tidemill.http.tracing.Span;
import dev.tidemill.http.tracing.Tracing;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What happens around every request: its id, the count of those in flight, its metric, its span,
/// its log line, and the end of the connection once the process drains.
///
/// @param nanos monotonic clock
record RequestFilter(
        Readiness readiness,
        InFlight inFlight,
        Metrics metrics,
        AccessLines accessLines,
        Supplier<String> ids,
        Tracing tracing,
        LongSupplier nanos)
        implements Filter {
    private static final int ANSWERS_PER_YIELD = 4;

    /// Stands for the status of an answer that could not be sent whole.
    static final int CUT_OFF = 0;

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        long begin = nanos.getAsLong();
        String id = RequestId.of(request.headers(), ids);
        response.headers().set(RequestId.HEADER, id);
        if (readiness.state() == Readiness.State.DRAINING) {
            response.headers().set(HeaderValues.CONNECTION_CLOSE);
        }
        Span span = tracing.isOn() ? RequestTrace.begin(tracing, request) : Span.NONE;
        boolean whole = false;
        inFlight.enter();
        try {
            ScopedValue.Carrier scope = ScopedValue.where(RequestId.CURRENT, id);
            if (span.isLive()) {
                scope = scope.where(Span.CURRENT, span);
            }
            Optional<ContentCoding> packing = ContentCoding.wanted(request.headers());
            if (packing.isPresent()) {
                scope = scope.where(ContentCoding.WANTED, packing.get());
            }
            scope.run(chain::proceed);
            whole = true;
        } finally {
            int status = whole ? response.status().code() : CUT_OFF;
            if (span.isLive()) {
                RequestTrace.end(span, request, status, id);
            }
            inFlight.exit();
            long took = nanos.getAsLong() - begin;
            String method = request.prologue().method().text();
            metrics.request(request.matchingPattern().orElse(""), method, status, took);
            String path = request.prologue().uriPath().rawPath();
            accessLines.add(method, path, status, took, id, span.traceId());
        }
        closeIfAsked(request, response);
        letOthersRun(begin);
    }

    /// A connection whose next request has come already would be served on without ever parking,
    /// and a few such keep all processors from the others: at 32 connections the slowest hundredth
    /// waited 7 ms instead of 4. One answer of four is often enough for that; after each, a lone
    /// caller's requests would change processors all the time, which cost them 14 us of 72.
    ///
    /// @param begin of the request in nanoseconds, whose last bits are as good as chance
    @SuppressWarnings("ThreadPriorityCheck") // a hint that costs fairness only, where it is ignored
    private static void letOthersRun(long begin) {
        if (begin % ANSWERS_PER_YIELD == 0) {
            Thread.yield();
        }
    }

    /// The server itself would go on reading requests from a connection that either side declared
    /// closed.
    private static void closeIfAsked(RoutingRequest request, RoutingResponse response) {
        if (isClosing(response.headers()) || isClosing(request.headers())) {
            throw new CloseConnectionException("the answer ends the connection");
        }
    }

    /// Looks whether there is such a header first: looking for a token is slow.
    private static boolean isClosing(Headers headers) {
        return headers.contains(HeaderNames.CONNECTION)
                && headers.containsToken(HeaderValues.CONNECTION_CLOSE);
    }
}
