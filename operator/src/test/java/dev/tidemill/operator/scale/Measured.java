package dev.tidemill.operator.scale;

import dev.tidemill.autoscale.Measures;
import dev.tidemill.scaling.Signal;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.cluster.ReplicaSetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// What was measured, as tests say it: all in the namespace `ai`.
public final class Measured implements Readings {
    public static final Instant NOW = Instant.parse("2026-11-21T06:00:00.250Z");

    private final List<PoolReading> pools = new CopyOnWriteArrayList<>();

    public Measured with(PoolReading pool) {
        pools.add(pool);
        return this;
    }

    /// Nothing is measured any more.
    public void clear() {
        pools.clear();
    }

    @Override
    public Collection<PoolReading> of(String namespace) {
        return namespace.equals("ai") ? List.copyOf(pools) : List.of();
    }

    @Override
    public Collection<PoolReading> all() {
        return List.copyOf(pools);
    }

    /// Two pods; 3 in flight, half of the GPUs, jobs in a source of the file.
    public static PoolReading digits(String scaling) {
        return digits(
                scaling,
                new Measures(
                        Map.of(Signal.IN_FLIGHT, 3.0, Signal.GPU, 0.5, Signal.P99, 0.25),
                        Map.of("jobs", 42.0)));
    }

    public static PoolReading digits(String scaling, Measures measures) {
        return new PoolReading(
                pool("digits", scaling),
                ReplicaSetter.HPA,
                List.of(pod("digits", 0), pod("digits", 1)),
                measures,
                NOW);
    }

    private static PoolReading.Pod pod(String model, int number) {
        return new PoolReading.Pod(
                model + "-server-" + number,
                Map.of(
                        "app.kubernetes.io/name",
                        "tidemill-server",
                        "app.kubernetes.io/instance",
                        model + "-server"));
    }

    public static ModelPool pool(String name, String scaling) {
        String document =
                """
                {apiVersion: tidemill.dev/v1alpha1, kind: Model, metadata: {name: %s},
                 spec: {source: digits, scaling: %s}}
                """
                        .formatted(name, scaling);
        return new ModelPool(
                List.of(
                        (Model)
                                SpecParser.parse("f", document.getBytes(StandardCharsets.UTF_8))
                                        .orThrow()
                                        .getFirst()));
    }
}
