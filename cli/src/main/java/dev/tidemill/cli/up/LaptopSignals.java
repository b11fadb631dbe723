package dev.tidemill.cli.up;

import dev.tidemill.autoscale.BackgroundSource;
import dev.tidemill.autoscale.Measures;
import dev.tidemill.autoscale.ProcessSource;
import dev.tidemill.autoscale.ProcessSource.Group;
import dev.tidemill.autoscale.PrometheusSource;
import dev.tidemill.autoscale.ReplicaSource;
import dev.tidemill.autoscale.SignalSource;
import dev.tidemill.autoscale.Traffic;
import dev.tidemill.autoscale.TrafficMeter;
import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.common.ByteSize;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.sources.kafka.KafkaLagSource;
import dev.tidemill.sources.kafka.KafkaSecrets;
import dev.tidemill.spec.ModelResources;
import dev.tidemill.spec.scaling.MetricSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// Everything that is measured of the pools of one machine: the gateway's traffic at once, whatever
/// could hang in the background.
final class LaptopSignals implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration QUERIED_EVERY = Duration.ofSeconds(5);
    private static final Duration QUERIED_FRESH = Duration.ofSeconds(20);

    private final TrafficMeter meter;
    private final List<SignalSource> sources = new ArrayList<>();
    private final Map<String, Objective> objectives = new HashMap<>();
    private final Map<String, Double> slotSeconds = new ConcurrentHashMap<>();

    /// @param counters of the gateway; may throw while it is being restarted
    LaptopSignals(
            Deployment deployment,
            Laptop laptop,
            HttpClient http,
            JsonMapper json,
            Supplier<TrafficCounters> counters,
            LongSupplier nanos) {
        this(
                deployment.replicated(),
                () -> addresses(laptop),
                () -> processes(laptop),
                http,
                json,
                counters,
                KafkaSecrets.beside(deployment.folder(), System.getenv()),
                nanos);
    }

    /// @param addresses of the model servers that are ready, by pool
    /// @param processes of theirs, by pool
    /// @param secrets that sources name
    LaptopSignals(
            List<PoolSpec> pools,
            Supplier<Map<String, List<URI>>> addresses,
            Supplier<Map<String, Group>> processes,
            HttpClient http,
            JsonMapper json,
            Supplier<TrafficCounters> counters,
            KafkaSecrets secrets,
            LongSupplier nanos) {
        this.meter = new TrafficMeter(counters, this::lateAfterSeconds);
        sources.add(meter);
        sources.add(
                new BackgroundSource(
                        new ReplicaSource(http, addresses, nanos), EVERY, FRESH, nanos));
        sources.add(new BackgroundSource(new ProcessSource(processes, nanos), EVERY, FRESH, nanos));
        for (PoolSpec pool : pools) {
            objectives.put(pool.name(), pool.scaling().objective());
            // An app never says; one that serves models not before its first answer.
            slotSeconds.put(pool.name(), pool.scaling().replica().slotTime().toNanos() / 1e9);
            for (MetricSource source : pool.scaling().sources()) {
                sources.add(
                        new BackgroundSource(
                                source(source, pool.name(), http, json, secrets, nanos),
                                QUERIED_EVERY,
                                QUERIED_FRESH,
                                nanos));
            }
        }
    }

    private static SignalSource source(
            MetricSource source,
            String pool,
            HttpClient http,
            JsonMapper json,
            KafkaSecrets secrets,
            LongSupplier nanos) {
        return switch (source) {
            case MetricSource.Prometheus prometheus ->
                    new PrometheusSource(
                            http,
                            json,
                            prometheus.name(),
                            prometheus.server(),
                            prometheus.query(),
                            prometheus.signal(),
                            prometheus.scale(),
                            List.of(pool));
            case MetricSource.Kafka kafka ->
                    new KafkaLagSource(kafka, secrets, List.of(pool), nanos);
        };
    }

    @Override
    public void close() {
        sources.forEach(SignalSource::close);
    }

    /// By pool. One thread calls it.
    Map<String, Measures> read() {
        Map<String, Measures> all = new HashMap<>();
        for (SignalSource source : sources) {
            source.read().forEach((pool, measures) -> all.merge(pool, measures, Measures::and));
        }
        all.replaceAll((pool, measures) ->
                // The servers' part alone would say that nobody waits while the gateway is away.
                meter.traffic().containsKey(pool) ? measures : measures.withoutWaiting());
        all.forEach((pool, measures) -> {
            double seconds = measures.get(Signal.SLOT_SECONDS);
            if (seconds > 0) {
                slotSeconds.put(pool, seconds);
            }
        });
        return all;
    }

    /// Of the last second, by pool.
    Map<String, Traffic> traffic() {
        return meter.traffic();
    }

    /// From the client's side: what may be waited, and what the work itself takes.
    private double lateAfterSeconds(String pool) {
        Objective objective = objectives.get(pool);
        if (objective == null) {
            return Double.POSITIVE_INFINITY;
        }
        double limit = objective.latency().toNanos() / 1e9;
        return switch (objective.counts()) {
            case WAIT -> limit + slotSeconds.getOrDefault(pool, 0.0);
            case TOTAL -> limit;
        };
    }

    private static Map<String, List<URI>> addresses(Laptop laptop) {
        return laptop.loop()
                .ask(() -> {
                    Map<String, List<URI>> addresses = new HashMap<>();
                    for (Pool pool : laptop.fleet().pools()) {
                        if (pool.spec() instanceof PoolSpec.Programs) {
                            continue; // they say nothing of what is in their queues
                        }
                        addresses.put(
                                pool.spec().name(),
                                pool.ready().stream().map(Replica::address).toList());
                    }
                    return addresses;
                });
    }

    private static Map<String, Group> processes(Laptop laptop) {
        return laptop.loop()
                .ask(() -> {
                    Map<String, Group> groups = new HashMap<>();
                    for (Pool pool : laptop.fleet().pools()) {
                        ModelResources limits = pool.spec().resources("");
                        groups.put(
                                pool.spec().name(),
                                new Group(
                                        pool.ready().stream().map(r -> r.child().pid()).toList(),
                                        limits.cpu().orElse((double) cores()),
                                        limits.memory().map(ByteSize::bytes)));
                    }
                    return groups;
                });
    }

    /// What a process without a limit may use.
    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
