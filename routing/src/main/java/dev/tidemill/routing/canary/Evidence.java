package dev.tidemill.routing.canary;

/// What was seen of one side since a step began.
///
/// @param requests that it answered, or should have
/// @param failures among them
/// @param latency of those that it answered, and of those whose client did not wait for the answer
public record Evidence(long requests, long failures, Latencies latency) {
    public static final Evidence NONE = new Evidence(0, 0, Latencies.NONE);

    public Evidence {
        if (failures < 0 || failures > requests) {
            throw new IllegalArgumentException(
                    "evidence: '%d failures of %d' (expected: no more than all)"
                            .formatted(failures, requests));
        }
    }

    /// From 0 to 1; 0 when there is none.
    double failureRate() {
        return requests == 0 ? 0 : (double) failures / requests;
    }
}
