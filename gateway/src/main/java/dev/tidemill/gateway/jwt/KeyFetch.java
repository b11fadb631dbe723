package dev.tidemill.gateway.jwt;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tidemill.gateway.config.GatewayRules;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Gets the keys of an issuer from where the file says, or where the issuer's own document does.
/// What a document says is not trusted as the file is: it leads to no address of a private network.
final class KeyFetch {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 512 * 1024;
    private static final String DOCUMENT = "/.well-known/openid-configuration";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final GatewayRules.Jwt rules;
    private final Supplier<HttpClient> client;

    KeyFetch(GatewayRules.Jwt rules, Supplier<HttpClient> client) {
        this.rules = rules;
        this.client = client;
    }

    /// @throws IOException when they cannot be had, with a reason for the log
    JWKSet keys() throws IOException {
        URI place = rules.jwks().isPresent() ? rules.jwks().get() : discovered();
        try {
            return JWKSet.parse(get(place));
        } catch (ParseException e) {
            throw new IOException("'%s' is no set of keys".formatted(place), e);
        }
    }

    private URI discovered() throws IOException {
        String issuer = rules.issuer();
        URI document =
                URI.create(
                        (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                                + DOCUMENT);
        try {
            JsonNode said = JSON.readTree(get(document));
            if (!issuer.equals(said.path("issuer").asString(""))) {
                throw new IOException("'%s' is about another issuer".formatted(document));
            }
            URI keys = URI.create(said.path("jwks_uri").asString(""));
            checkNotInside(keys, document);
            return keys;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException("'%s' names no keys".formatted(document), e);
        }
    }

    private void checkNotInside(URI keys, URI document) throws IOException {
        String host = keys.getHost();
        if (host == null) {
            throw new IOException("'%s' names no keys".formatted(document));
        }
        if (rules.allowPrivate() || host.equals(document.getHost())) {
            return;
        }
        for (InetAddress address : InetAddress.getAllByName(host)) {
            if (isInside(address)) {
                throw new IOException(
                        "'%s' names keys at a private address: '%s'".formatted(document, host));
            }
        }
    }

    static boolean isInside(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean unique = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || unique
                || shared;
    }

    private String get(URI place) throws IOException {
        if (!isSafe(place)) {
            throw new IOException("'%s' is no https".formatted(place));
        }
        HttpRequest request =
                HttpRequest.newBuilder(place)
                        .timeout(LIMIT)
                        .header("Accept", "application/json")
                        .build();
        CompletableFuture<String> answer =
                client.get()
                        .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                        .thenApplyAsync(
                                response -> body(place, response),
                                task -> Thread.ofVirtual().start(task));
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("'%s' took too long".formatted(place), e);
        } catch (ExecutionException e) {
            throw new IOException("'%s' failed: %s".formatted(place, e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Other servers' keys must not be changed on their way; on this machine nobody is in between.
    private boolean isSafe(URI place) {
        return "https".equals(place.getScheme())
                || ("http".equals(place.getScheme())
                        && (rules.allowPrivate() || isThisMachine(place.getHost())));
    }

    static boolean isThisMachine(@Nullable String host) {
        return "localhost".equals(host) || "127.0.0.1".equals(host) || "[::1]".equals(host);
    }

    private static String body(URI place, HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                throw new IllegalStateException("status " + response.statusCode());
            }
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalStateException("more than %d bytes".formatted(MAX_BYTES));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("broke off at " + place, e);
        }
    }
}
