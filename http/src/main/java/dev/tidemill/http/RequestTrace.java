package dev.tidemill.http;

import dev.tidemill.http.tracing.Span;
import dev.tidemill.http.tracing.Tracing;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.webserver.http.RoutingRequest;
import java.util.List;
import java.util.Set;

/// The span of a request that a process answers, in OpenTelemetry's conventions for HTTP. The query
/// and the caller's address stay out of it: both may be secrets.
final class RequestTrace {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    /// What asks all day whether we live, and says nothing about anybody's request.
    private static final List<String> PROBES =
            List.of("/health", "/v2/health/", "/ready", "/metrics", "/actuator/");

    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
    private static final HeaderName TRACESTATE = HeaderNames.create("tracestate");
    private static final String EVERYTHING = "/*";

    private RequestTrace() {}

    /// [Span#NONE] for probes and scrapes, unless whoever asks traces them.
    static Span begin(Tracing tracing, RoutingRequest request) {
        Headers headers = request.headers();
        String path = request.prologue().uriPath().rawPath();
        if (isProbe(path) && !headers.contains(TRACEPARENT)) {
            return Span.NONE;
        }
        String method = request.prologue().method().text();
        Span span =
                tracing.request(
                        name(method),
                        wanted ->
                                headers.all(
                                        wanted.equals("traceparent") ? TRACEPARENT : TRACESTATE,
                                        List::of));
        if (span.isRecorded()) {
            boolean known = METHODS.contains(method);
            span.set("http.request.method", known ? method : "_OTHER")
                    .set("url.path", path)
                    .set("url.scheme", "http")
                    .set("network.protocol.version", request.prologue().protocolVersion());
            if (!known) {
                span.set("http.request.method_original", method);
            }
            headers.first(HeaderNames.HOST).ifPresent(span::at);
        }
        return span;
    }

    /// @param status [RequestFilter#CUT_OFF] for an answer that did not get through
    static void end(Span span, RoutingRequest request, int status, String requestId) {
        if (span.isRecorded()) {
            span.set("tidemill.request.id", requestId);
            String route = request.matchingPattern().orElse(EVERYTHING);
            if (!route.equals(EVERYTHING)) {
                span.set("http.route", route)
                        .rename(name(request.prologue().method().text()) + " " + route);
            }
            if (status == RequestFilter.CUT_OFF) {
                span.fail("cut_off");
            } else {
                span.set("http.response.status_code", status);
                if (status >= 500) {
                    span.fail(String.valueOf(status));
                }
            }
        }
        span.end();
    }

    private static String name(String method) {
        return METHODS.contains(method) ? method : "HTTP";
    }

    private static boolean isProbe(String path) {
        for (int i = 0; i < PROBES.size(); i++) {
            if (path.startsWith(PROBES.get(i))) {
                return true;
            }
        }
        return false;
    }
}
