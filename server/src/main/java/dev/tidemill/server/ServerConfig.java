package dev.tidemill.server;

import dev.tidemill.server.repository.ModelSource;
import java.util.List;
import java.util.Optional;

/// The line of JSON that the supervisor sends.
///
/// @param name of the replica, for logs
/// @param port 0 for any free one
/// @param maxInFlight inference requests at a time
/// @param maxInFlightBytes of their bodies and working memory together
/// @param maxBodyBytes of one request
/// @param drainMillis how long to serve on after being told to stop
/// @param v1Flavour `tfserving` unless given
record ServerConfig(
        String name,
        String host,
        int port,
        List<ModelSource> models,
        int maxInFlight,
        long maxInFlightBytes,
        long maxBodyBytes,
        long drainMillis,
        Optional<V1Flavour> v1Flavour) {
    ServerConfig {
        models = List.copyOf(models);
        if (models.isEmpty()) {
            throw new IllegalArgumentException("models: '[]' (expected: at least one model)");
        }
        if (maxInFlightBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "maxInFlightBytes: '%d' (expected: less than 2 GiB)"
                            .formatted(maxInFlightBytes));
        }
        if (drainMillis < 0) {
            throw new IllegalArgumentException(
                    "drainMillis: '%d' (expected: >= 0)".formatted(drainMillis));
        }
    }
}
