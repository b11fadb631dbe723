package dev.tidemill.gateway.cache;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Questions that are being answered, so that those who ask the same meanwhile wait for the one
/// answer. Thread-safe.
final class Flights {
    private final Map<CacheKey, CompletableFuture<Landing>> open = new ConcurrentHashMap<>();

    /// The flight that is under way; null when the caller's begins now, which it must end.
    @Nullable CompletableFuture<Landing> join(CacheKey key) {
        return open.putIfAbsent(key, new CompletableFuture<>());
    }

    /// @param answer null when there is none to be shared
    void end(CacheKey key, @Nullable CachedAnswer answer) {
        CompletableFuture<Landing> flight = open.remove(key);
        if (flight != null) {
            flight.complete(new Landing(answer));
        }
    }

    record Landing(@Nullable CachedAnswer answer) {}
}
