package dev.tidemill.operator.metricsapi;

import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.PeriodicLook;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.manifests.OperatorApis;
import dev.tidemill.operator.scale.Readings;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Both APIs on a port of this process: listens from the start, and, while it leads, sees that the
/// API server finds it and believes its certificate.
public final class MetricsApis implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MetricsApis.class.getName());
    private static final String MAIN = "metrics APIs";
    private static final Duration LASTS = Duration.ofDays(90);

    /// What was written may be changed by others, and so may whom the API server shows itself as.
    private static final Duration LOOKED_AT = Duration.ofSeconds(60);

    private static final Duration RETRIED = Duration.ofSeconds(10);
    private static final long TICK_NANOS = 1_000_000_000L;

    private final Settings settings;
    private final Readings readings;
    private final ApiRegistration.Cluster cluster;
    private final BooleanSupplier leads;
    private final Consumer<Optional<String>> others;
    private final InstantSource clock;
    private final Doorkeeper door = new Doorkeeper();
    private final ServingKey key;
    private final ApiRegistration registration;
    private final HttpEdge edge;
    private final PeriodicLook loop;
    private Set<MetricsGroup> wanted = EnumSet.noneOf(MetricsGroup.class);
    private Instant next = Instant.EPOCH;
    private Optional<Instant> lastWanted = Optional.empty();

    /// @param namespace of the operator
    /// @param address of its pod
    public record Settings(String host, int port, String namespace, String address) {}

    /// @param readings what is answered with
    /// @param leads whether this process is the one that acts
    /// @param others is told who else answers, in a sentence
    /// @param wrote is told of writes, by their verb
    public static MetricsApis of(
            Settings settings,
            KubernetesClient client,
            Readings readings,
            BooleanSupplier leads,
            Consumer<Optional<String>> others,
            Consumer<String> wrote) {
        return new MetricsApis(
                settings,
                new KubeCluster(client, wrote),
                readings,
                leads,
                others,
                InstantSource.system());
    }

    MetricsApis(
            Settings settings,
            ApiRegistration.Cluster cluster,
            Readings readings,
            BooleanSupplier leads,
            Consumer<Optional<String>> others,
            InstantSource clock) {
        this.settings = settings;
        this.cluster = cluster;
        this.readings = readings;
        this.leads = leads;
        this.others = others;
        this.clock = clock;
        this.key = new ServingKey(certificate());
        this.registration = new ApiRegistration(cluster, settings.namespace(), settings.address());
        this.edge =
                HttpEdge.builder(new Readiness(), new Metrics())
                        .listen(
                                new Listener(MAIN, settings.host(), settings.port(), 1 << 16),
                                routes -> routes.add(new MetricsRoutes(readings, clock, door)))
                        .tlsOfOurs(MAIN, context(), false)
                        .errorBody(new StatusBody())
                        .requestIds(RequestId.source(RandomGenerator.getDefault()))
                        .build();
        this.loop = new PeriodicLook("metrics-apis", TICK_NANOS, this::look);
    }

    /// @return the port
    public int start() {
        edge.start();
        loop.start();
        return edge.port(MAIN);
    }

    @Override
    public void close() {
        loop.close();
        edge.close();
    }

    /// Once a second, almost always without asking anybody.
    void look() {
        if (!leads.getAsBoolean()) {
            return;
        }
        Set<MetricsGroup> now = ApiRegistration.wanted(readings);
        Instant at = clock.instant();
        boolean renewed = renew();
        boolean asked = ApiRegistration.isAsked(readings);
        if (asked || lastWanted.isEmpty()) {
            lastWanted = Optional.of(at);
        }
        // One that leads since a moment has not seen yet who wants what.
        boolean idle =
                !asked && (!registration.isAny() || at.isBefore(lastWanted.get().plus(LOOKED_AT)));
        boolean due = renewed || !now.equals(wanted) || !at.isBefore(next);
        if (idle || !due) {
            return;
        }
        try {
            door.trust(FrontProxy.of(cluster.authentication()));
            others.accept(registration.look(now, key.now().pem()));
            wanted = now;
            next = at.plus(LOOKED_AT);
        } catch (RuntimeException e) {
            // The API server is away, or refuses.
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the metrics APIs are not registered: {0}",
                    String.valueOf(e.getMessage()));
            wanted = now;
            next = at.plus(RETRIED);
        }
    }

    private boolean renew() {
        if (!key.now().isOld(clock.instant())) {
            return false;
        }
        key.renew(certificate());
        return true;
    }

    private ServingCertificate certificate() {
        String service = "%s.%s.svc".formatted(OperatorApis.NAME, settings.namespace());
        return ServingCertificate.create(
                List.of(service, service + ".cluster.local"), clock.instant(), LASTS);
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {key}, new TrustManager[] {door}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
