package dev.tidemill.gateway.cache;

import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The caches of the configuration that is in use. What they hold is kept over configurations for
/// as long as their rules stay the same. Thread-safe.
public final class AnswerCaches {
    private final Metrics metrics;
    private volatile List<AnswerCache> caches = List.of();

    public AnswerCaches(Metrics metrics) {
        this.metrics = metrics;
        metrics.gauge(
                GatewayMetrics.CACHE_ENTRIES,
                () -> caches.stream().mapToInt(AnswerCache::entries).sum());
        metrics.gauge(
                GatewayMetrics.CACHE_BYTES,
                () -> caches.stream().mapToLong(AnswerCache::bytes).sum());
    }

    public void use(List<AnswerRules.Cache> rules) {
        List<AnswerCache> before = caches;
        List<AnswerCache> next = new ArrayList<>(rules.size());
        for (AnswerRules.Cache rule : rules) {
            next.add(
                    before.stream()
                            .filter(cache -> cache.rule().equals(rule))
                            .findFirst()
                            .orElseGet(() -> new AnswerCache(rule)));
        }
        caches = List.copyOf(next);
    }

    /// The first that is about a request; null for most.
    public @Nullable AnswerCache about(Caller caller, String model, String route) {
        List<AnswerCache> all = caches;
        for (int i = 0; i < all.size(); i++) {
            AnswerCache cache = all.get(i);
            if (cache.rule()
                    .scope()
                    .isAbout(caller.key(), caller.team().orElse(""), model, route)) {
                return cache;
            }
        }
        return null;
    }

    /// @param result `hit`, `miss`, `bypass` or `semantic`
    public void count(AnswerCache cache, String result) {
        metrics.counter(GatewayMetrics.CACHE, cache.rule().name(), result).increment();
    }
}
