package dev.tidemill.http;

/// One address that an [HttpEdge] listens on.
///
/// @param name for messages and [HttpEdge#port(String)]
/// @param host address or name to bind to
/// @param port 0 for any free port
/// @param maxBodyBytes how much of a request body its handlers accept; [Bodies#read] enforces it
public record Listener(String name, String host, int port, long maxBodyBytes) {
    public Listener {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "%s.port: '%d' (expected: 0 to 65535)".formatted(name, port));
        }
        if (maxBodyBytes < 0 || maxBodyBytes > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(
                    "%s.maxBodyBytes: '%d' (expected: 0 to 2 GiB)".formatted(name, maxBodyBytes));
        }
    }
}
