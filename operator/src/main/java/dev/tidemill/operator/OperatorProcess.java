package dev.tidemill.operator;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.common.logging.JsonLines;
import dev.tidemill.common.process.StopSignal;
import dev.tidemill.http.HealthRoutes;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.Routes;
import dev.tidemill.http.tls.Role;
import dev.tidemill.http.tls.WatchedIdentity;
import dev.tidemill.manifests.OperatorObjects;
import dev.tidemill.operator.keda.KedaScaler;
import dev.tidemill.operator.kube.NamespaceReconciler;
import dev.tidemill.operator.kube.OperatorMetrics;
import dev.tidemill.operator.metricsapi.MetricsApis;
import dev.tidemill.operator.plan.GatewayText;
import dev.tidemill.operator.plan.Planner;
import dev.tidemill.spec.ResourceKind;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The composition root of the operator.
///
/// Life: listens, watches, waits until it leads, acts until it gets SIGTERM or SIGINT or leads no
/// more; then it ends what it is at, and the process. Whoever runs it starts another.
public final class OperatorProcess implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(OperatorProcess.class.getName());
    private static final String MAIN = "main";
    private static final long MOST_BODY = 1 << 16;
    private static final int RETRIES = 3;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration FINISH = Duration.ofSeconds(10);

    private final Metrics metrics = new Metrics();
    private final OperatorMetrics counted = new OperatorMetrics(metrics);
    private final Readiness readiness = new Readiness();
    private final KubernetesClient client;
    private final Operator operator;
    private final NamespaceReconciler reconciler;
    private final Optional<MetricsApis> metricsApis;
    private final Optional<KedaScaler> keda;
    private final HttpEdge edge;
    private final Optional<WatchedIdentity> identity;

    /// @param client closed with the process
    /// @param pause between two looks at one namespace, at least
    /// @param lost called when another leads
    OperatorProcess(
            OperatorConfig config,
            GatewayText gatewayText,
            KubernetesClient client,
            Duration pause,
            Runnable lost) {
        this.client = client;
        this.identity =
                config.tlsFolder()
                        .map(folder ->
                                new WatchedIdentity(
                                        folder, Role.OPERATOR, metrics, InstantSource.system()));
        this.operator =
                new Operator(settings -> {
                    settings.withKubernetesClient(client)
                            .withCloseClientOnStop(false)
                            .checkingCRDAndValidateLocalModel(false)
                            .withReconciliationTerminationTimeout(FINISH);
                    config.lease()
                            .map(namespace -> leader(namespace, config.identity(), lost))
                            .ifPresent(settings::withLeaderElectionConfiguration);
                });
        if (config.lease().isEmpty()) {
            counted.leads(true);
        }
        this.reconciler =
                new NamespaceReconciler(
                        client,
                        new Planner(gatewayText, config.release()),
                        config.namespaces(),
                        config.identity(),
                        config.apis().isAny(),
                        counted,
                        identity.map(own -> own.calling(Role.GATEWAY)),
                        config.sourcesFolder(),
                        InstantSource.system(),
                        System::nanoTime);
        operator.register(
                reconciler,
                settings ->
                        settings.withName("namespaces")
                                .withGenerationAware(false)
                                // Also of a namespace that is being deleted, whose resources have
                                // to say so, and of one that is gone.
                                .withTriggerReconcilerOnAllEvents(true)
                                .withRateLimiter(new LinearRateLimiter(pause, 1))
                                .withRetry(
                                        new GenericRetry()
                                                .setInitialInterval(1_000)
                                                .setIntervalMultiplier(2)
                                                .setMaxInterval(30_000)
                                                .withoutMaxAttempts()));
        this.metricsApis = metricsApis(config);
        this.keda =
                config.apis().kedaPort().stream()
                        .mapToObj(port ->
                                new KedaScaler(
                                        config.host(),
                                        port,
                                        reconciler.scaling(),
                                        InstantSource.system()))
                        .findFirst();
        this.edge =
                HttpEdge.builder(readiness, metrics)
                        .listen(
                                new Listener(MAIN, config.host(), config.port(), MOST_BODY),
                                this::routes)
                        .requestIds(RequestId.source(RandomGenerator.getDefault()))
                        .build();
    }

    /// Runs an operator until it is told to end.
    ///
    /// @param out for log lines
    /// @return 0 when it was told to end, 1 when it leads no more
    public static int main(OperatorConfig config, GatewayText gatewayText, PrintStream out)
            throws InterruptedException {
        JsonLines.install("operator", out);
        Config kube = Config.autoConfigure(null);
        kube.setRequestRetryBackoffLimit(RETRIES);
        KubernetesClient client = new KubernetesClientBuilder().withConfig(kube).build();
        checkDefinitions(client);
        boolean[] lost = new boolean[1];
        try (StopSignal stop = StopSignal.install();
                OperatorProcess operator =
                        new OperatorProcess(
                                config,
                                gatewayText,
                                client,
                                PAUSE,
                                () -> {
                                    lost[0] = true;
                                    stop.ask();
                                })) {
            int port = operator.start();
            LOG.log(
                    System.Logger.Level.INFO,
                    "health and metrics on port {0}",
                    String.valueOf(port));
            stop.await();
        }
        return lost[0] ? 1 : 0;
    }

    /// A watch of a kind that is not there would only fail, again and again.
    private static void checkDefinitions(KubernetesClient client) {
        for (ResourceKind kind : ResourceKind.all()) {
            String apiVersion = ResourceKind.GROUP + "/" + ResourceKind.VERSION;
            if (!client.supports(apiVersion, kind.kind())) {
                String server = client.getConfiguration().getMasterUrl();
                client.close();
                throw new TidemillException(
                        ErrorCode.NOT_FOUND,
                        "cluster: '%s knows no %s of %s' (expected: our definitions: tidemill render"
                                        .formatted(server, kind.kind(), apiVersion)
                                + " --crds | kubectl apply --server-side -f -)");
            }
        }
    }

    /// @return the port
    int start() {
        identity.ifPresent(WatchedIdentity::start);
        edge.start();
        metricsApis.ifPresent(MetricsApis::start);
        keda.ifPresent(KedaScaler::start);
        operator.start();
        readiness.started();
        return edge.port(MAIN);
    }

    boolean leads() {
        return counted.leads();
    }

    @Override
    public void close() {
        readiness.draining();
        keda.ifPresent(KedaScaler::close);
        metricsApis.ifPresent(MetricsApis::close);
        reconciler.close();
        operator.stop();
        client.close();
        edge.close();
        identity.ifPresent(WatchedIdentity::close);
        metrics.close();
    }

    /// Whoever leads no more ends in order, not by the SDK's `System.exit`, which its builder
    /// insists on.
    @SuppressWarnings("deprecation") // the constructor takes what the builder refuses
    private LeaderElectionConfiguration leader(String namespace, String identity, Runnable lost) {
        return new LeaderElectionConfiguration(
                "tidemill-operator",
                namespace,
                Duration.ofSeconds(10),
                Duration.ofSeconds(7),
                Duration.ofSeconds(2),
                identity,
                new LeaderCallbacks(
                        () -> counted.leads(true),
                        () -> {
                            counted.leads(false);
                            lost.run();
                        },
                        who -> LOG.log(System.Logger.Level.INFO, "{0} leads", who)),
                false);
    }

    private Optional<MetricsApis> metricsApis(OperatorConfig config) {
        OperatorConfig.Apis apis = config.apis();
        if (apis.metricsPort().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                MetricsApis.of(
                        new MetricsApis.Settings(
                                config.host(),
                                apis.metricsPort().getAsInt(),
                                config.lease().orElse(OperatorObjects.NAMESPACE),
                                apis.address().orElse("127.0.0.1")),
                        client,
                        reconciler.scaling(),
                        counted::leads,
                        reconciler.scaling()::elsewhere,
                        counted::wrote));
    }

    private void routes(Routes routes) {
        routes.add(new HealthRoutes(readiness)).add(metrics);
    }
}
