package dev.tidemill.gateway.access;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayRules;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The first thing that a request passes. Immutable: a new configuration brings a new one.
public final class AccessGate {
    /// Where clients put their keys: OpenAI's way, Anthropic's and Azure's.
    public static final HeaderName X_API_KEY = HeaderNames.create("x-api-key");

    public static final HeaderName API_KEY = HeaderNames.create("api-key");

    private static final String BEARER = "Bearer ";

    private final AddressGate addresses;
    private final KeyRing keys;
    private final @Nullable CorsGate cors;
    private final InstantSource clock;

    public AccessGate(GatewayRules.Access rules, InstantSource clock) {
        this.addresses = new AddressGate(rules.allow(), rules.trustedProxies());
        this.keys = new KeyRing(rules.keys());
        this.cors = rules.cors().map(CorsGate::new).orElse(null);
        this.clock = clock;
    }

    /// Whether clients need keys, which then are not passed on.
    public boolean wantsKeys() {
        return !keys.isEmpty();
    }

    /// Who this is; empty when the request was a browser's question and has been answered.
    ///
    /// @throws TidemillException `UNAUTHENTICATED` or `FORBIDDEN`
    public Optional<Caller> admit(ServerRequest request, ServerResponse response) {
        String address = addresses.client(request);
        if (cors != null && cors.answers(request, response)) {
            return Optional.empty();
        }
        if (keys.isEmpty()) {
            return Optional.of(Caller.anonymous(address));
        }
        String key = presented(request.headers());
        if (key == null) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
            throw new TidemillException(
                    ErrorCode.UNAUTHENTICATED,
                    "key: 'missing' (expected: Authorization: Bearer KEY)");
        }
        return Optional.of(keys.caller(key, address, clock.instant()));
    }

    private static @Nullable String presented(ServerRequestHeaders headers) {
        if (headers.contains(HeaderNames.AUTHORIZATION)) {
            String given = headers.get(HeaderNames.AUTHORIZATION).get();
            if (given.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                return given.substring(BEARER.length()).strip();
            }
        }
        if (headers.contains(X_API_KEY)) {
            return headers.get(X_API_KEY).get();
        }
        return headers.contains(API_KEY) ? headers.get(API_KEY).get() : null;
    }
}
