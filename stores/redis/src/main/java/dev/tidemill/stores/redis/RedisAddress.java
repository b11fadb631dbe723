package dev.tidemill.stores.redis;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Where a Redis is.
///
/// @param url `redis://HOST:PORT/DATABASE`, or `rediss://` for TLS
/// @param user none is the default one
/// @param timeout of a command
public record RedisAddress(
        URI url, Optional<String> user, Optional<String> password, Duration timeout) {
    /// For messages.
    public static final String EXPECTED =
            "redis://HOST:PORT or rediss://HOST:PORT for TLS, then /DATABASE if it is not 0";

    public RedisAddress {
        requireNonNull(timeout, "timeout");
        if (!isValid(url)) {
            throw new IllegalArgumentException("url: '%s' (expected: %s)".formatted(url, EXPECTED));
        }
    }

    /// Keys are in no address.
    public static boolean isValid(URI url) {
        return ("redis".equals(url.getScheme()) || "rediss".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && url.getPort() != 0
                && url.getPort() <= 65_535
                && url.getRawPath().matches("(/\\d{0,4})?");
    }

    boolean isTls() {
        return "rediss".equals(url.getScheme());
    }

    int port() {
        return url.getPort() < 0 ? 6379 : url.getPort();
    }

    int database() {
        String path = url.getRawPath();
        return path.length() < 2 ? 0 : Integer.parseInt(path.substring(1));
    }

    /// Never shows the password.
    @Override
    public String toString() {
        return url.toString();
    }
}
