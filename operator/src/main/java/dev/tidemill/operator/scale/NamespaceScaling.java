package dev.tidemill.operator.scale;

import static java.util.Objects.requireNonNull;

import dev.tidemill.autoscale.KindsTarget;
import dev.tidemill.autoscale.Measures;
import dev.tidemill.autoscale.PodMetricsSource;
import dev.tidemill.autoscale.Scaler;
import dev.tidemill.autoscale.ScalingTarget;
import dev.tidemill.sources.kafka.KafkaSecrets;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.cluster.ReplicaSetter;
import dev.tidemill.spec.scaling.Policies;
import dev.tidemill.spec.scaling.Scaling;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Scales the pools of one namespace. A pool whose `scaling` changes begins anew; the others go on
/// with what they have learned.
final class NamespaceScaling implements AutoCloseable {
    private final String namespace;
    private final HttpClient http;
    private final HttpClient toGateways;
    private final JsonMapper json;
    private final PodMetricsSource.Api kubernetes;
    private final ReplicaOrders orders;
    private final DecisionShelf shelf;
    private final KafkaSecrets secrets;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Map<String, Scaled> scaled = new ConcurrentHashMap<>();
    private Map<String, Scaling> settings = Map.of();
    private List<LivePool> live = List.of();
    private ReplicaSetter setter = ReplicaSetter.NONE;
    private Optional<PodSignals> signals = Optional.empty();
    private volatile List<PoolReading> readings = List.of();

    NamespaceScaling(
            String namespace,
            HttpClient http,
            HttpClient toGateways,
            JsonMapper json,
            PodMetricsSource.Api kubernetes,
            ReplicaOrders orders,
            DecisionShelf shelf,
            KafkaSecrets secrets,
            InstantSource clock,
            LongSupplier nanos) {
        this.namespace = namespace;
        this.http = http;
        this.toGateways = toGateways;
        this.json = json;
        this.kubernetes = kubernetes;
        this.orders = orders;
        this.shelf = shelf;
        this.secrets = secrets;
        this.clock = clock;
        this.nanos = nanos;
    }

    /// @param targets by kind of replicas
    private record Scaled(Map<String, OrderedPool> targets, Scaler scaler, KeptDecisions kept) {}

    /// @param measured pools that somebody else scales
    /// @param by who
    synchronized void see(
            List<LivePool> pools, List<LivePool> measured, ReplicaSetter by, List<URI> gateways) {
        List<LivePool> all = Stream.concat(pools.stream(), measured.stream()).toList();
        Map<String, Scaling> now = new HashMap<>();
        all.forEach(pool -> now.put(pool.name(), pool.of().scaling()));
        if (!now.equals(settings)) {
            scaled.keySet()
                    .removeIf(name ->
                            !now.containsKey(name)
                                    || !Objects.equals(now.get(name), settings.get(name)));
            signals.ifPresent(PodSignals::close);
            signals =
                    Optional.of(
                            new PodSignals(
                                    namespace,
                                    http,
                                    toGateways,
                                    json,
                                    kubernetes,
                                    all,
                                    scaled::containsKey,
                                    secrets,
                                    clock,
                                    nanos));
            settings = now;
        }
        measured.forEach(pool -> scaled.remove(pool.name()));
        for (LivePool pool : pools) {
            OrderedPool target =
                    scaled.computeIfAbsent(pool.name(), name -> begin(kinds(pools, name)))
                            .targets()
                            .get(pool.kind());
            if (target != null) {
                target.see(pool);
            }
        }
        signals.ifPresent(one -> one.see(all, gateways));
        live = all;
        setter = by;
    }

    @Override
    public synchronized void close() {
        signals.ifPresent(PodSignals::close);
        signals = Optional.empty();
    }

    synchronized void tick() {
        Map<String, Measures> measures = signals.map(PodSignals::read).orElse(Map.of());
        readings = readings(measures);
        scaled.forEach((name, one) -> {
            var _ = one.scaler().tick(measures.getOrDefault(name, Measures.NONE));
        });
    }

    List<PoolReading> readings() {
        return readings;
    }

    /// One a pool of models, of however many kinds its replicas are: of apps nobody asks.
    private List<PoolReading> readings(Map<String, Measures> measures) {
        Instant at = clock.instant();
        Map<String, PoolReading> read = new LinkedHashMap<>();
        for (LivePool pool : live) {
            if (!(pool.of() instanceof Replicated.OfModels(ModelPool models))) {
                continue;
            }
            read.merge(
                    pool.name(),
                    new PoolReading(
                            models,
                            scaled.containsKey(pool.name()) ? ReplicaSetter.TIDEMILL : setter,
                            pool.pods(),
                            measures.getOrDefault(pool.name(), Measures.NONE),
                            at),
                    (one, other) ->
                            new PoolReading(
                                    one.pool(),
                                    one.by(),
                                    Stream.concat(one.pods().stream(), other.pods().stream())
                                            .toList(),
                                    one.measures(),
                                    at));
        }
        return List.copyOf(read.values());
    }

    /// Has decisions kept that wait to be, each pool's on a thread of its own: an API server that
    /// hangs holds up no order.
    void keep() {
        for (Scaled each : scaled.values()) {
            if (each.kept().begin()) {
                Thread.ofVirtual().name("decisions-" + namespace).start(each.kept()::write);
            }
        }
    }

    Optional<OrderedPool.Change> last(String pool) {
        return Optional.ofNullable(scaled.get(pool)).stream()
                .flatMap(one -> one.targets().values().stream())
                .flatMap(target -> target.last().stream())
                .max(Comparator.comparing(OrderedPool.Change::at));
    }

    private static List<LivePool> kinds(List<LivePool> pools, String name) {
        return pools.stream().filter(pool -> pool.name().equals(name)).toList();
    }

    /// @param kinds of one pool
    private Scaled begin(List<LivePool> kinds) {
        Map<String, OrderedPool> targets = new LinkedHashMap<>();
        for (LivePool kind : kinds) {
            targets.put(kind.kind(), new OrderedPool(namespace, kind, orders, clock, nanos));
        }
        LivePool first = kinds.getFirst();
        Scaling scaling = first.of().scaling();
        ScalingTarget target =
                first.kind().isEmpty()
                        ? requireNonNull(targets.get(""))
                        : new KindsTarget(
                                first.name(), parts(scaling, targets), scaling.spotShare(), nanos);
        KeptDecisions kept = new KeptDecisions(namespace, first.name(), shelf, json, nanos);
        DecisionLines lines = new DecisionLines(namespace);
        return new Scaled(
                targets,
                new Scaler(
                        target,
                        Policies.of(scaling),
                        clock,
                        nanos,
                        decision -> {
                            lines.add(decision);
                            kept.add(decision);
                        }),
                kept);
    }

    private static List<KindsTarget.Part> parts(Scaling scaling, Map<String, OrderedPool> targets) {
        return scaling.kinds().stream()
                .map(kind -> new KindsTarget.Part(kind, requireNonNull(targets.get(kind.name()))))
                .toList();
    }
}
