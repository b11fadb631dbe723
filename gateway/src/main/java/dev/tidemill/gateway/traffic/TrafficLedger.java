package dev.tidemill.gateway.traffic;

import dev.tidemill.http.Metrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Every model's traffic, kept over changes of the replicas and of the models: counts never go
/// back.
public final class TrafficLedger {
    private final Map<String, ModelTraffic> byModel = new ConcurrentHashMap<>();
    private final Metrics metrics;
    private final LongSupplier nanos;

    public TrafficLedger(Metrics metrics, LongSupplier nanos) {
        this.metrics = metrics;
        this.nanos = nanos;
    }

    public ModelTraffic of(String model) {
        return byModel.computeIfAbsent(
                model, name -> new ModelTraffic(name, metrics, nanos.getAsLong()));
    }

    /// @param pools of the models to show, by name
    public Signals signals(Map<String, String> pools) {
        long now = nanos.getAsLong();
        return new Signals(
                now,
                LatencyHistogram.upperNanos(),
                pools.entrySet().stream()
                        .map(model ->
                                of(model.getKey()).signals(model.getKey(), model.getValue(), now))
                        .toList());
    }
}
