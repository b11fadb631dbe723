package dev.tidemill.gateway.access;

import dev.tidemill.gateway.config.GatewayRules;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Set;

/// Lets pages of other origins call (the Fetch standard's CORS protocol).
final class CorsGate {
    private static final HeaderName ORIGIN = HeaderNames.ORIGIN;
    private static final HeaderName WANTED_METHOD =
            HeaderNames.create("Access-Control-Request-Method");
    private static final HeaderName WANTED_HEADERS =
            HeaderNames.create("Access-Control-Request-Headers");
    private static final HeaderName ALLOW_ORIGIN =
            HeaderNames.create("Access-Control-Allow-Origin");
    private static final HeaderName ALLOW_METHODS =
            HeaderNames.create("Access-Control-Allow-Methods");
    private static final HeaderName ALLOW_HEADERS =
            HeaderNames.create("Access-Control-Allow-Headers");
    private static final HeaderName ALLOW_CREDENTIALS =
            HeaderNames.create("Access-Control-Allow-Credentials");
    private static final HeaderName MAX_AGE = HeaderNames.create("Access-Control-Max-Age");
    private static final HeaderName EXPOSE = HeaderNames.create("Access-Control-Expose-Headers");
    private static final String EXPOSED =
            "retry-after, x-request-id, x-ratelimit-limit-requests,"
                    + " x-ratelimit-remaining-requests, x-ratelimit-reset-requests,"
                    + " x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens,"
                    + " x-ratelimit-reset-tokens, x-ratelimit-limit-budget,"
                    + " x-ratelimit-remaining-budget, x-tidemill-cost";

    private final GatewayRules.Cors rules;
    private final Set<String> origins;

    CorsGate(GatewayRules.Cors rules) {
        this.rules = rules;
        this.origins = Set.copyOf(rules.origins());
    }

    /// Says in the answer what the page may do.
    ///
    /// @return whether this was only the browser's question, which is answered now
    boolean answers(ServerRequest request, ServerResponse response) {
        ServerRequestHeaders asked = request.headers();
        if (!asked.contains(ORIGIN)) {
            return false;
        }
        boolean preflight =
                request.prologue().method().equals(Method.OPTIONS) && asked.contains(WANTED_METHOD);
        String origin = asked.get(ORIGIN).get();
        ServerResponseHeaders said = response.headers();
        said.add(HeaderNames.VARY, "Origin");
        if (origins.contains("*") || origins.contains(origin)) {
            said.set(ALLOW_ORIGIN, rules.credentials() || !origins.contains("*") ? origin : "*");
            if (rules.credentials()) {
                said.set(ALLOW_CREDENTIALS, "true");
            }
            if (preflight) {
                said.set(ALLOW_METHODS, String.join(", ", rules.methods()));
                if (!rules.headers().isEmpty()) {
                    said.set(ALLOW_HEADERS, String.join(", ", rules.headers()));
                } else if (asked.contains(WANTED_HEADERS)) {
                    said.set(ALLOW_HEADERS, asked.get(WANTED_HEADERS).get());
                }
                said.set(MAX_AGE, Long.toString(rules.maxAgeSeconds()));
            } else {
                said.set(EXPOSE, EXPOSED);
            }
        }
        if (preflight) {
            response.status(204);
            response.send();
        }
        return preflight;
    }
}
