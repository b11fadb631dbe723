package dev.tidemill.server.modelconfig;

import java.time.Duration;

/// What may wait, and for how long.
///
/// @param maxRequests 0 for as many as the server admits
/// @param timeout after which a waiting request has waited too long; zero for never
/// @param onTimeout what happens then
/// @param allowOverride whether a request may set a shorter timeout of its own (with no default
///   timeout, any)
public record QueuePolicy(
        int maxRequests, Duration timeout, TimeoutAction onTimeout, boolean allowOverride) {
    public static final QueuePolicy DEFAULT =
            new QueuePolicy(0, Duration.ZERO, TimeoutAction.REJECT, true);

    /// What happens to a request that has waited too long.
    public enum TimeoutAction {
        REJECT,
        /// Served after all that have not.
        DELAY
    }

    public QueuePolicy {
        if (maxRequests < 0 || timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "queue_policy: '%d, %s' (expected: nothing negative)"
                            .formatted(maxRequests, timeout));
        }
    }
}
