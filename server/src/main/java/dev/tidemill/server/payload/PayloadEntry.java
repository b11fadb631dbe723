package dev.tidemill.server.payload;

/// A request with its answer.
///
/// @param millis since 1970, when the answer was there
/// @param id the client's `Ce-Id`, or the request's
/// @param path that was asked for
/// @param status of HTTP; 0 when the client left
/// @param nanos from the request to the answer
/// @param error message; empty when all was well
public record PayloadEntry(
        long millis,
        String id,
        String model,
        String version,
        String path,
        int status,
        long nanos,
        Payload request,
        Payload response,
        String error) {
    /// Of an entry beside its bodies.
    private static final long OVERHEAD = 512;

    /// What it holds in memory.
    long bytes() {
        return OVERHEAD
                + request.body().length
                + response.body().length
                + 2L * (path.length() + error.length());
    }
}
