package dev.tidemill.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// When a gateway begins to take requests. It waits for a replica of every model, but not for ever:
/// one model that does not come up is no reason to keep the others from everybody. Once open it
/// stays so: whoever asks for a model without a replica hears that from here, and a balancer that
/// sent nobody here any more would take all models away with it. Thread-safe.
final class Opening {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LongSupplier nanos;
    private final long begun;
    private volatile boolean open;

    Opening(LongSupplier nanos) {
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    /// @param missing which models have no replica
    /// @param any whether there is a replica at all
    /// @return why it takes no requests yet
    Optional<String> obstacle(Optional<String> missing, boolean any) {
        if (open) {
            return Optional.empty();
        }
        if (missing.isEmpty() || (any && nanos.getAsLong() - begun > PATIENCE.toNanos())) {
            open = true;
            return Optional.empty();
        }
        return missing;
    }
}
