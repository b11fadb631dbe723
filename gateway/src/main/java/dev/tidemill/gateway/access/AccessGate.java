package dev.tidemill.gateway.access;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.limits.Rate;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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
    private final Tokens tokens;
    private final @Nullable CorsGate cors;
    private final InstantSource clock;
    private final WrongKeys wrong;
    private final Rate mayBeWrong;
    private final Optional<Integer> connections;
    private final KeyRing admins;

    /// @param tokens of issuers; [Tokens#NONE] when none is believed
    /// @param wrong counts over configurations
    public AccessGate(
            GatewayRules.Access rules, Tokens tokens, WrongKeys wrong, InstantSource clock) {
        this.addresses = new AddressGate(rules.allow(), rules.trustedProxies());
        this.keys = new KeyRing(rules.keys());
        this.tokens = tokens;
        this.cors = rules.cors().map(CorsGate::new).orElse(null);
        this.clock = clock;
        this.wrong = wrong;
        this.connections = rules.connectionsPerClient();
        this.admins = KeyRing.ofOne("admin", rules.adminKeys().orElse(List.of()));
        this.mayBeWrong = new Rate(rules.wrongKeysPerMinute(), rules.wrongKeysPerMinute());
    }

    /// Whether clients need keys or tokens, which then are not passed on.
    public boolean wantsKeys() {
        return !keys.isEmpty() || !tokens.isEmpty();
    }

    /// Whether an address may open another connection. Proxies that are trusted speak for many.
    ///
    /// @param open that it has
    public boolean mayConnect(InetAddress address, int open) {
        return connections.isEmpty() || open < connections.get() || addresses.isTrusted(address);
    }

    /// Lets an order of the admin listener pass: by a key, or, where nobody has one, from this
    /// machine, which alone reaches that listener then.
    ///
    /// @throws TidemillException as [#admit]
    public void admitOrder(ServerRequest request, ServerResponse response) {
        if (request.headers().contains(HeaderNames.ORIGIN)) {
            // A page that somebody at this machine looks at could send it without being asked.
            throw new TidemillException(
                    ErrorCode.FORBIDDEN, "origin: present (expected: no browser)");
        }
        if (admins.isEmpty()) {
            return;
        }
        String key = presented(request.headers());
        if (key == null) {
            throw missing(response.headers());
        }
        String address = String.valueOf(request.remotePeer().host());
        if (admins.find(KeyRing.hash(key), address, clock.instant()) == null) {
            TidemillException why =
                    new TidemillException(
                            ErrorCode.UNAUTHENTICATED,
                            "key: 'hidden' (expected: one of access.adminKeys)");
            throw wrong.count(address, mayBeWrong, why, response.headers());
        }
    }

    private static TidemillException missing(ServerResponseHeaders said) {
        said.set(HeaderNames.WWW_AUTHENTICATE, "Bearer");
        return new TidemillException(
                ErrorCode.UNAUTHENTICATED, "key: 'missing' (expected: Authorization: Bearer KEY)");
    }

    /// Who this is; empty when the request was a browser's question and has been answered.
    ///
    /// @throws TidemillException `UNAUTHENTICATED` or `FORBIDDEN`; `RATE_LIMITED` for one who has
    ///   tried too many wrong keys, `UNAVAILABLE` when a token's issuer cannot be asked
    public Optional<Caller> admit(ServerRequest request, ServerResponse response) {
        String address = addresses.client(request);
        if (cors != null && cors.answers(request, response)) {
            return Optional.empty();
        }
        return Optional.of(byKey(request.headers(), address, response.headers()));
    }

    /// As above, for a call that is no HTTP request of Helidon's, and no browser's.
    ///
    /// @param peer null when it is not known
    /// @param said gets what those are told who are not let in
    public Caller admit(
            ServerRequestHeaders headers,
            @Nullable SocketAddress peer,
            ServerResponseHeaders said) {
        return byKey(headers, addresses.client(headers, peer), said);
    }

    private Caller byKey(ServerRequestHeaders headers, String address, ServerResponseHeaders said) {
        if (!wantsKeys()) {
            return Caller.anonymous(address);
        }
        String key = presented(headers);
        if (key == null) {
            throw missing(said);
        }
        Instant now = clock.instant();
        byte[] hash = KeyRing.hash(key);
        Caller known = keys.find(hash, address, now);
        if (known == null) {
            known = tokens.known(hash, address, now);
        }
        return known != null ? known : byToken(key, hash, address, now, said);
    }

    private Caller byToken(
            String key, byte[] hash, String address, Instant now, ServerResponseHeaders said) {
        try {
            return tokens.caller(key, hash, address, now);
        } catch (TidemillException e) {
            if (e.code() != ErrorCode.UNAUTHENTICATED) {
                throw e;
            }
            said.set(HeaderNames.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
            throw wrong.count(address, mayBeWrong, e, said);
        }
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
