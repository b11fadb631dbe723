package dev.tidemill.control.access;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.http.tls.Peers;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Stands before all routes of the API. Health and metrics are behind none: probes and Prometheus
/// have no token, and there is nothing secret in them.
public final class Gate implements RouteSet {
    private static final String API = "/api/";
    private static final String BEARER = "Bearer ";

    private final @Nullable TokenFolder tokens;
    private final boolean asksForCertificates;

    private Gate(@Nullable TokenFolder tokens, boolean asksForCertificates) {
        this.tokens = tokens;
        this.asksForCertificates = asksForCertificates;
    }

    /// Of a control that speaks plainly.
    static Gate of(String host, Optional<Path> folder, LongSupplier nanos) {
        return of(host, folder, false, nanos);
    }

    /// @param host that control listens on
    /// @param folder of tokens
    /// @throws TidemillException `INVALID_REQUEST` when other machines could come in without one
    /// @param asksForCertificates whether a token of a service counts only with the certificate of
    ///   one
    public static Gate of(
            String host, Optional<Path> folder, boolean asksForCertificates, LongSupplier nanos) {
        if (folder.isEmpty()) {
            if (!isLoopback(host)) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST,
                        "host: '%s' (expected: tokens too, a folder with the files admin and"
                                        .formatted(host)
                                + " service; without tokens control listens on 127.0.0.1 only)");
            }
            return new Gate(null, false);
        }
        TokenFolder tokens = new TokenFolder(folder.get(), nanos);
        if (tokens.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "tokens: '%s' (expected: a folder with a token in the file admin)"
                            .formatted(folder.get()));
        }
        return new Gate(tokens, asksForCertificates);
    }

    /// Whether nobody is asked, because only this machine can come in.
    public boolean isOpen() {
        return tokens == null;
    }

    @Override
    public void register(Routes routes) {
        if (tokens == null) {
            return;
        }
        TokenFolder asked = tokens;
        routes.any(
                API + "*",
                (request, response) -> {
                    check(asked, request);
                    response.next();
                });
    }

    private void check(TokenFolder tokens, ServerRequest request) {
        String given = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        Optional<Role> role =
                given.startsWith(BEARER)
                        ? tokens.role(given.substring(BEARER.length()).strip())
                        : Optional.empty();
        if (role.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.UNAUTHENTICATED,
                    "authorization: '%s' (expected: Bearer and a token of this control)"
                            .formatted(given.isEmpty() ? "missing" : "unknown"));
        }
        if (asksForCertificates
                && role.get() == Role.SERVICE
                && Collections.disjoint(Peers.roles(request), Ours.SERVICES)) {
            throw new TidemillException(
                    ErrorCode.UNAUTHENTICATED,
                    "certificate: 'missing' (expected: with a token of role %s, the certificate of a"
                                    .formatted(role.get().file())
                            + " gateway, server or operator)");
        }
        String method = request.prologue().method().text();
        String path = request.prologue().uriPath().path();
        if (!role.get().may(method, path)) {
            throw new TidemillException(
                    ErrorCode.FORBIDDEN,
                    "%s %s: 'a token of role %s' (expected: one of role admin)"
                            .formatted(method, path, role.get().file()));
        }
    }

    /// An address or name of this machine for itself.
    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
