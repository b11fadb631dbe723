package dev.tidemill.operator.scale;

import dev.tidemill.autoscale.BackgroundSource;
import dev.tidemill.autoscale.GatewaysMeter;
import dev.tidemill.autoscale.Measures;
import dev.tidemill.autoscale.PodMetricsSource;
import dev.tidemill.autoscale.PodMetricsSource.Pods;
import dev.tidemill.autoscale.PrometheusSource;
import dev.tidemill.autoscale.ReplicaSource;
import dev.tidemill.autoscale.SignalSource;
import dev.tidemill.client.gateway.GatewayAdminClient;
import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.sources.kafka.KafkaLagSource;
import dev.tidemill.sources.kafka.KafkaSecrets;
import dev.tidemill.spec.scaling.MetricSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// Everything that is measured of a namespace's pools: the gateways' traffic at once, whatever
/// could hang in the background. One thread reads.
final class PodSignals implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration QUERIED_EVERY = Duration.ofSeconds(5);
    private static final Duration QUERIED_FRESH = Duration.ofSeconds(20);

    /// metrics-server itself reads four times a minute; how old its samples are is looked at too.
    private static final Duration METERED_FRESH = Duration.ofSeconds(60);

    private final GatewaysMeter meter;
    private final List<SignalSource> sources = new ArrayList<>();
    private final Map<String, Objective> objectives = new HashMap<>();
    private final Map<String, Double> slotSeconds = new HashMap<>();
    private final Predicate<String> metered;
    private volatile List<LivePool> pools;
    private volatile List<URI> gateways = List.of();

    /// @param toGateways shows a certificate where they ask for one
    /// @param kubernetes whose `metrics.k8s.io` has processor and memory of pods
    /// @param metered pools whose processor and memory are asked for; others that scale ask
    ///   themselves
    /// @param secrets that sources name
    PodSignals(
            String namespace,
            HttpClient http,
            HttpClient toGateways,
            JsonMapper json,
            PodMetricsSource.Api kubernetes,
            List<LivePool> pools,
            Predicate<String> metered,
            KafkaSecrets secrets,
            InstantSource clock,
            LongSupplier nanos) {
        this.pools = pools;
        this.metered = metered;
        this.meter = new GatewaysMeter(() -> counters(toGateways, json), this::lateAfterSeconds);
        sources.add(meter);
        sources.add(
                new BackgroundSource(
                        new ReplicaSource(http, this::servers, nanos), EVERY, FRESH, nanos));
        sources.add(
                new BackgroundSource(
                        new PodMetricsSource(kubernetes, json, () -> pods(namespace), clock),
                        QUERIED_EVERY,
                        METERED_FRESH,
                        nanos));
        for (LivePool pool : pools) {
            if (objectives.put(pool.name(), pool.of().scaling().objective()) != null) {
                continue; // another kind of the same pool
            }
            // An app never says; one that serves models not before its first answer.
            slotSeconds.put(pool.name(), pool.of().scaling().replica().slotTime().toNanos() / 1e9);
            for (MetricSource source : pool.of().scaling().sources()) {
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

    void see(List<LivePool> now, List<URI> gatewaysNow) {
        pools = now;
        gateways = gatewaysNow;
    }

    /// By pool.
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

    private Map<String, Supplier<TrafficCounters>> counters(HttpClient http, JsonMapper json) {
        Map<String, Supplier<TrafficCounters>> all = new HashMap<>();
        for (URI gateway : gateways) {
            all.put(gateway.toString(), new GatewayAdminClient(http, json, gateway)::counters);
        }
        return all;
    }

    private Map<String, List<URI>> servers() {
        Map<String, List<URI>> servers = new HashMap<>();
        for (LivePool pool : pools) {
            servers.computeIfAbsent(pool.name(), _ -> new ArrayList<>()).addAll(pool.servers());
        }
        return servers;
    }

    /// Of several kinds the first: policies count in replicas of it.
    private Map<String, Pods> pods(String namespace) {
        Map<String, Pods> pods = new HashMap<>();
        for (LivePool pool : pools) {
            if (!metered.test(pool.name())) {
                continue;
            }
            Replicated of = pool.of();
            pods.putIfAbsent(
                    pool.name(),
                    new Pods(
                            namespace,
                            of.selector(pool.kind()),
                            OptionalDouble.of(of.cores(pool.kind())),
                            Optional.of(of.memory(pool.kind()))));
        }
        return pods;
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
}
