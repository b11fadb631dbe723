package dev.tidemill.operator.scale;

import dev.tidemill.autoscale.PodMetricsSource;
import dev.tidemill.sources.kafka.KafkaSecrets;
import dev.tidemill.spec.cluster.ReplicaSetter;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;

/// The loops of all namespaces that leave their numbers of replicas to us, each on a thread of its
/// own: a namespace whose pods are silent holds up no other. Nothing is scaled that was not shown
/// by [#see], which only the leading operator calls.
public final class LiveScaling implements AutoCloseable, Readings {
    private static final System.Logger LOG = System.getLogger(LiveScaling.class.getName());
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final Duration every;
    private final PodMetricsSource.Api kubernetes;
    private final ReplicaOrders orders;
    private final DecisionShelf shelf;
    private final Function<String, KafkaSecrets> secrets;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final HttpClient toGateways;
    private final Map<String, NamespaceScaling> namespaces = new ConcurrentHashMap<>();
    private volatile Optional<String> elsewhere = Optional.empty();
    private volatile boolean closed;

    /// With gateways that ask for no certificate.
    public LiveScaling(
            Duration every,
            PodMetricsSource.Api kubernetes,
            ReplicaOrders orders,
            DecisionShelf shelf,
            InstantSource clock,
            LongSupplier nanos) {
        this(
                every,
                kubernetes,
                orders,
                shelf,
                Optional.empty(),
                namespace -> KafkaSecrets.mounted(Optional.empty(), namespace),
                clock,
                nanos);
    }

    /// @param kubernetes whose `metrics.k8s.io` has processor and memory of pods
    /// @param tls for gateways that ask for a certificate
    /// @param secrets that the sources of a namespace may name
    public LiveScaling(
            Duration every,
            PodMetricsSource.Api kubernetes,
            ReplicaOrders orders,
            DecisionShelf shelf,
            Optional<SSLContext> tls,
            Function<String, KafkaSecrets> secrets,
            InstantSource clock,
            LongSupplier nanos) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        tls.ifPresent(builder::sslContext);
        this.toGateways = builder.build();
        this.every = every;
        this.kubernetes = kubernetes;
        this.orders = orders;
        this.shelf = shelf;
        this.secrets = secrets;
        this.clock = clock;
        this.nanos = nanos;
    }

    /// What there is to scale in a namespace now; no pools end its loop.
    ///
    /// @param gateways that are ready, by the address of their admin listener
    public void see(String namespace, List<LivePool> pools, List<URI> gateways) {
        see(namespace, pools, List.of(), ReplicaSetter.TIDEMILL, gateways);
    }

    /// The same, with pools that are measured only.
    ///
    /// @param by who scales those, and asks us
    public synchronized void see(
            String namespace,
            List<LivePool> pools,
            List<LivePool> measured,
            ReplicaSetter by,
            List<URI> gateways) {
        if (pools.isEmpty() && measured.isEmpty()) {
            NamespaceScaling gone = namespaces.remove(namespace);
            if (gone != null) {
                gone.close();
            }
            return;
        }
        NamespaceScaling scaling = namespaces.get(namespace);
        if (scaling == null) {
            NamespaceScaling made =
                    new NamespaceScaling(
                            namespace,
                            http,
                            toGateways,
                            JsonMapper.shared(),
                            kubernetes,
                            orders,
                            shelf,
                            secrets.apply(namespace),
                            clock,
                            nanos);
            namespaces.put(namespace, made);
            Thread.ofVirtual().name("scaling-" + namespace).start(() -> run(namespace, made));
            scaling = made;
        }
        scaling.see(pools, measured, by, gateways);
    }

    /// Who answers in our place those that scale and ask.
    public Optional<String> elsewhere() {
        return elsewhere;
    }

    /// @param now a sentence; empty when it is us
    public void elsewhere(Optional<String> now) {
        elsewhere = now;
    }

    @Override
    public Collection<PoolReading> of(String namespace) {
        NamespaceScaling scaling = namespaces.get(namespace);
        return scaling == null ? List.of() : scaling.readings();
    }

    @Override
    public Collection<PoolReading> all() {
        return namespaces.values().stream().flatMap(one -> one.readings().stream()).toList();
    }

    /// Why, and when, a pool's number was changed the last time.
    public Optional<Changed> last(String namespace, String pool) {
        return Optional.ofNullable(namespaces.get(namespace))
                .flatMap(scaling -> scaling.last(pool))
                .map(change -> new Changed(change.reason(), change.at()));
    }

    /// @param reason in a sentence
    public record Changed(String reason, Instant at) {}

    private void run(String namespace, NamespaceScaling scaling) {
        while (!closed && scaling == namespaces.get(namespace)) {
            LockSupport.parkNanos(this, every.toNanos());
            try {
                scaling.tick();
                scaling.keep();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "scaling of " + namespace, e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        namespaces.values().forEach(NamespaceScaling::close);
        namespaces.clear();
        http.shutdownNow();
        toGateways.shutdownNow();
    }
}
