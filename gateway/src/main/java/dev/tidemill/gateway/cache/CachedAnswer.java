package dev.tidemill.gateway.cache;

/// An upstream's answer, as it came but for what only its request was about.
///
/// @param contentType of its body
/// @param events whether the body is a stream of events
/// @param atNanos when it was kept
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
public record CachedAnswer(String contentType, byte[] body, boolean events, long atNanos) {
    /// What it costs beside its body: the entry, its key, the lists that hold it.
    private static final int OVERHEAD = 400;

    long bytes() {
        return (long) body.length + OVERHEAD;
    }
}
