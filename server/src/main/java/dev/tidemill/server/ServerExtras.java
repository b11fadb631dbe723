package dev.tidemill.server;

import java.time.Duration;
import java.util.Optional;

/// What a server does only when it is asked to.
///
/// @param tritonMetrics whether `/metrics` shows Triton's names too; no unless said
/// @param responseCacheBytes for answers of models that ask for a cache; none unless said
/// @param payloadLog for requests with their answers; none unless said
/// @param adaptiveMin requests at a time below which a limit that follows how requests fare does
///   not fall; `maxInFlight` is its upper end. Without it the limit is `maxInFlight` all the time
/// @param bodyMillis that a request's body may take beside the time that a line of 64 KiB/s needs
///   for it; 10,000 unless said
public record ServerExtras(
        Optional<Boolean> tritonMetrics,
        Optional<Long> responseCacheBytes,
        Optional<PayloadLogConfig> payloadLog,
        Optional<Integer> adaptiveMin,
        Optional<Long> bodyMillis) {
    static final ServerExtras NONE =
            new ServerExtras(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private static final long BODY_MILLIS = 10_000;

    public ServerExtras {
        responseCacheBytes.ifPresent(bytes -> {
            if (bytes < 1) {
                throw new IllegalArgumentException(
                        "responseCacheBytes: '%d' (expected: >= 1)".formatted(bytes));
            }
        });
        bodyMillis.ifPresent(millis -> {
            if (millis < 1) {
                throw new IllegalArgumentException(
                        "bodyMillis: '%d' (expected: >= 1)".formatted(millis));
            }
        });
    }

    Duration bodyTime() {
        return Duration.ofMillis(bodyMillis.orElse(BODY_MILLIS));
    }
}
