package dev.tidemill.server.protocol;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.time.Duration;
import java.util.Optional;

/// How long a client waits for its answer, in ms: a request that cannot be answered by then is not
/// run.
final class ClientTimeout {
    static final HeaderName NAME = HeaderNames.create("tidemill-timeout-ms");

    private static final long MAX_MILLIS = 86_400_000;

    private ClientTimeout() {}

    /// @param said the header's value, when there is one
    /// @throws TidemillException `INVALID_REQUEST` for anything but 1 to a day
    static Optional<Duration> of(Optional<String> said) {
        if (said.isEmpty()) {
            return Optional.empty();
        }
        try {
            long millis = Long.parseLong(said.get());
            if (millis > 0 && millis <= MAX_MILLIS) {
                return Optional.of(Duration.ofMillis(millis));
            }
        } catch (NumberFormatException _) {
            // Refused below.
        }
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "Tidemill-Timeout-Ms: '%s' (expected: 1 to %d)".formatted(said.get(), MAX_MILLIS));
    }
}
