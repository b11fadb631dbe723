package dev.tidemill.stores.s3;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where objects are.
///
/// @param prefix of all keys; empty, or ends with a slash
/// @param endpoint of a server that is not AWS's, without a path
/// @param pathStyle whether the bucket is in the path and not in the host's name
public record S3Address(
        String bucket, String prefix, Optional<URI> endpoint, String region, boolean pathStyle) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final String UNRESERVED = "-._~/";

    public S3Address {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException(
                    "bucket: '%s' (expected: 3 to 63 small letters, digits, '-' and '.')"
                            .formatted(bucket));
        }
        prefix = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
        endpoint.filter(url -> !isEndpoint(url))
                .ifPresent(url -> {
                    throw new IllegalArgumentException(
                            "endpoint: '%s' (expected: http://HOST:PORT or https://HOST:PORT)"
                                    .formatted(url));
                });
    }

    private static boolean isEndpoint(URI url) {
        return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawPath().matches("/?");
    }

    /// @param key after the prefix
    URI of(String key) {
        URI server = endpoint.orElse(URI.create("https://s3.%s.amazonaws.com".formatted(region)));
        String path = encoded((pathStyle ? bucket + "/" : "") + prefix + key);
        return URI.create(
                "%s://%s%s/%s"
                        .formatted(
                                server.getScheme(),
                                pathStyle ? "" : bucket + ".",
                                authority(server),
                                path));
    }

    /// As it is signed and as it is sent: a port that goes without saying is in neither.
    static String authority(URI server) {
        int usual = "https".equals(server.getScheme()) ? 443 : 80;
        return server.getPort() < 0 || server.getPort() == usual
                ? server.getHost()
                : server.getHost() + ":" + server.getPort();
    }

    /// Every byte but those that are never encoded.
    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || UNRESERVED.indexOf(c) >= 0;
            encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return encoded.toString();
    }

    @Override
    public String toString() {
        return "s3://%s/%s".formatted(bucket, prefix)
                + endpoint.map(" at %s"::formatted).orElse("");
    }
}
