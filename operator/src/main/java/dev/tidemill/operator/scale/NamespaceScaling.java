package dev.tidemill.operator.scale;

import dev.tidemill.autoscale.Measures;
import dev.tidemill.autoscale.Scaler;
import dev.tidemill.spec.scaling.Policies;
import dev.tidemill.spec.scaling.Scaling;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import tools.jackson.databind.json.JsonMapper;

/// Scales the pools of one namespace. A pool whose `scaling` changes begins anew; the others go on
/// with what they have learned.
final class NamespaceScaling {
    private final String namespace;
    private final HttpClient http;
    private final JsonMapper json;
    private final ReplicaOrders orders;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Map<String, Scaled> scaled = new ConcurrentHashMap<>();
    private Map<String, Scaling> settings = Map.of();
    private Optional<PodSignals> signals = Optional.empty();

    NamespaceScaling(
            String namespace,
            HttpClient http,
            JsonMapper json,
            ReplicaOrders orders,
            InstantSource clock,
            LongSupplier nanos) {
        this.namespace = namespace;
        this.http = http;
        this.json = json;
        this.orders = orders;
        this.clock = clock;
        this.nanos = nanos;
    }

    private record Scaled(OrderedPool target, Scaler scaler) {}

    synchronized void see(List<LivePool> pools, List<URI> gateways) {
        Map<String, Scaling> now = new HashMap<>();
        pools.forEach(pool -> now.put(pool.name(), pool.pool().scaling()));
        if (!now.equals(settings)) {
            scaled.keySet()
                    .removeIf(name ->
                            !now.containsKey(name)
                                    || !Objects.equals(now.get(name), settings.get(name)));
            signals = Optional.of(new PodSignals(http, json, pools, nanos));
            settings = now;
        }
        for (LivePool pool : pools) {
            scaled.computeIfAbsent(pool.name(), _ -> begin(pool)).target().see(pool);
        }
        signals.ifPresent(one -> one.see(pools, gateways));
    }

    synchronized void tick() {
        Map<String, Measures> measures = signals.map(PodSignals::read).orElse(Map.of());
        scaled.forEach((name, one) -> {
            var _ = one.scaler().tick(measures.getOrDefault(name, Measures.NONE));
        });
    }

    Optional<OrderedPool.Change> last(String pool) {
        return Optional.ofNullable(scaled.get(pool)).flatMap(one -> one.target().last());
    }

    private Scaled begin(LivePool pool) {
        OrderedPool target = new OrderedPool(namespace, pool, orders, clock, nanos);
        return new Scaled(
                target,
                new Scaler(target, Policies.of(pool.pool().scaling()), clock, nanos, _ -> {}));
    }
}
