package dev.tidemill.limits;

/// What a process holds at a moment.
///
/// @param requests in flight
/// @param bytes of their bodies
public record Load(int requests, long bytes) {
    public Load {
        if (requests < 0 || bytes < 0) {
            throw new IllegalArgumentException(
                    "load: '%d requests, %d bytes' (expected: >= 0)".formatted(requests, bytes));
        }
    }
}
