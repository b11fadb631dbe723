package dev.tidemill.stores.postgres;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// Where a PostgreSQL is, and who asks.
///
/// @param url `postgresql://HOST:PORT/DATABASE`, perhaps with `?sslmode=`
/// @param authority certificates of who may have signed the server's; the JDK's when empty
public record PostgresAddress(URI url, String user, String password, Optional<Path> authority) {
    /// For messages.
    public static final String EXPECTED =
            "postgresql://HOST:PORT/DATABASE, perhaps with ?sslmode=disable, prefer, require or"
                    + " verify-full";

    private static final String SSL_MODE = "sslmode=(disable|prefer|require|verify-full)";

    public PostgresAddress {
        if (!isValid(url)) {
            throw new IllegalArgumentException("url: '%s' (expected: %s)".formatted(url, EXPECTED));
        }
    }

    private static boolean isValid(URI url) {
        return ("postgresql".equals(url.getScheme()) || "postgres".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawFragment() == null
                && url.getRawPath().matches("/[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")
                && (url.getRawQuery() == null || url.getRawQuery().matches(SSL_MODE));
    }

    /// As the driver wants it: nothing but what was checked gets into it.
    String jdbc() {
        String query = url.getRawQuery() == null ? "" : url.getRawQuery();
        StringBuilder jdbc =
                new StringBuilder("jdbc:postgresql://%s%s?".formatted(server(), url.getRawPath()))
                        .append("connectTimeout=5&tcpKeepAlive=true&ApplicationName=tidemill");
        if (!query.isEmpty()) {
            jdbc.append('&').append(query);
        }
        if (query.endsWith("verify-full") && authority.isEmpty()) {
            jdbc.append("&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        authority.ifPresent(file ->
                jdbc.append("&sslrootcert=")
                        .append(URLEncoder.encode(file.toString(), StandardCharsets.UTF_8)));
        return jdbc.toString();
    }

    private String server() {
        return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
    }

    /// Never shows the password.
    @Override
    public String toString() {
        return url.toString();
    }
}
