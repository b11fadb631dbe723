package dev.tidemill.server;

import dev.tidemill.http.AccessLog;
import dev.tidemill.http.HealthRoutes;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.Routes;
import dev.tidemill.http.tls.WatchedIdentity;
import dev.tidemill.http.tracing.Tracing;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.server.admission.AdmissionGate;
import dev.tidemill.server.cache.ResponseCache;
import dev.tidemill.server.engine.ComputeThreads;
import dev.tidemill.server.functions.FunctionRuntime;
import dev.tidemill.server.functions.Functions;
import dev.tidemill.server.metrics.ServerMetrics;
import dev.tidemill.server.metrics.gpu.GpuMetrics;
import dev.tidemill.server.payload.PayloadLog;
import dev.tidemill.server.protocol.BodyWatch;
import dev.tidemill.server.protocol.Guards;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.grpc.GrpcEdge;
import dev.tidemill.server.protocol.openinference.OpenInferenceRoutes;
import dev.tidemill.server.repository.ModelLoader;
import dev.tidemill.server.repository.ModelRepository;
import dev.tidemill.server.repository.RepositorySettings;
import dev.tidemill.server.repository.WarmUp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// The composition root of a model server: what it is made of, and in which order its parts begin
/// and end.
final class ModelServer implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ServerProcess.class.getName());
    private static final String MAIN = "main";
    private static final String TFS = "tfs";

    /// For all models together: start-up time is what scaling waits for.
    private static final Duration WARM_UP = Duration.ofMillis(100);

    private static final Duration FINISH_LIMIT = Duration.ofSeconds(10);

    private final ServerConfig config;
    private final Metrics metrics = new Metrics();
    private final Tracing tracing;
    private final ComputeThreads threads =
            new ComputeThreads(Runtime.getRuntime().availableProcessors());
    private final ModelRuntime runtime;
    private final ModelRepository models;
    private final Readiness readiness;
    private final HttpEdge edge;
    private final Inference inference;
    private final Optional<GrpcEdge> grpc;

    /// Empty where it speaks plainly to all.
    private final Optional<Ours> ours;

    private final Thread loading;
    private final Optional<PayloadLog> payloads;
    private final BodyWatch bodies;

    /// @param runtime is closed with the server
    /// @param environment says whether traces are recorded
    ModelServer(ServerConfig config, ModelRuntime runtime, Map<String, String> environment) {
        this.config = config;
        this.tracing =
                Tracing.start(
                        Tracing.Service.of("tidemill-server", config.name(), ServerProcess.class),
                        environment,
                        Tracing.Clocks.SYSTEM);
        this.runtime = runtime;
        this.ours = config.mtls().map(files -> new Ours(files, metrics));
        ServerExtras extras = config.extras().orElse(ServerExtras.NONE);
        Optional<ResponseCache> cache = extras.responseCacheBytes().map(ResponseCache::new);
        this.payloads = extras.payloadLog().map(log -> log.open(config.name()));
        this.bodies = new BodyWatch(extras.bodyTime(), System::nanoTime);
        this.models = repository(cache);
        this.loading = Thread.ofPlatform().name("loading").unstarted(models::load);
        this.readiness = new Readiness(models::obstacle);
        AdmissionGate gate = ServerLimits.gate(config, extras, models);
        this.inference =
                new Inference(
                        gate,
                        config.maxBodyBytes(),
                        System::nanoTime,
                        new Guards(payloads, Optional.of(bodies), System::currentTimeMillis));
        this.grpc =
                config.grpcPorts().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                GrpcProtocols.edge(
                                        config,
                                        ours.map(Ours::callers),
                                        models,
                                        inference,
                                        readiness,
                                        metrics,
                                        tracing));
        this.edge = http();
        GpuMetrics.watch(metrics);
        ServerGauges gauges = new ServerGauges(metrics);
        gauges.show(gate);
        cache.ifPresent(gauges::show);
        payloads.ifPresent(gauges::show);
        metrics.gauge(ServerMetrics.STALLED, bodies::ended);
        if (extras.tritonMetrics().orElse(false)) {
            gauges.showAsTriton(models, System::nanoTime, System::currentTimeMillis);
        }
    }

    private ModelRepository repository(Optional<ResponseCache> cache) {
        WarmUp warmUp =
                new WarmUp(
                        WARM_UP.dividedBy(Math.max(1, config.models().size())),
                        OpenInferenceRoutes::exercise,
                        System::nanoTime);
        return new ModelRepository(
                config.models(),
                config.repository().map(RepositoryConfig::settings).orElse(RepositorySettings.NONE),
                new ModelLoader(
                        List.of(runtime, new FunctionRuntime(Functions::installed)),
                        threads,
                        metrics,
                        warmUp,
                        System::nanoTime,
                        cache),
                loads());
    }

    private HttpEdge http() {
        HttpEdge.Builder listeners = HttpEdge.builder(readiness, metrics);
        listeners.listen(listener(MAIN, config.port()), this::routes);
        config.tfsPorts()
                .ifPresent(ports -> listeners.listen(listener(TFS, ports.http()), this::routes));
        ours.ifPresent(identity -> {
            listeners.tlsOfOurs(MAIN, identity.callers(), true);
            listeners.tlsOfOurs(TFS, identity.callers(), true);
            identity.listen(listeners, config.host(), readiness, metrics);
        });
        return listeners
                .accessLog(AccessLog.FAILURES)
                .requestIds(RequestId.source(new SplittableRandom()))
                .tracing(tracing)
                .build();
    }

    /// Not ready yet.
    void listen() {
        ours.ifPresent(Ours::start);
        edge.start();
        // No method reference anywhere: making one would load the class, which costs a server
        // without gRPC some of its start.
        if (grpc.isPresent()) {
            grpc.get().start();
            LOGGER.log(System.Logger.Level.INFO, "listening: gRPC on " + grpcPorts());
        }
    }

    int port() {
        return edge.port(MAIN);
    }

    /// Where it is probed and scraped without a certificate; empty where that is the main port.
    Optional<Integer> healthPort() {
        return ours.map(_ -> edge.port(WatchedIdentity.HEALTH));
    }

    /// As TensorFlow Serving listens; empty where it was not asked for.
    Optional<Integer> tfsPort() {
        return config.tfsPorts().map(_ -> edge.port(TFS));
    }

    /// In the order of the configuration; empty without gRPC.
    List<Integer> grpcPorts() {
        return grpc.isPresent() ? grpc.get().ports() : List.of();
    }

    ModelRepository models() {
        return models;
    }

    /// Empty when it is ready.
    Optional<String> whyNotReady() {
        return readiness.whyNot();
    }

    /// On a thread of its own.
    void beginToLoad() {
        loading.start();
    }

    /// Waits until every model is loaded or has failed.
    ///
    /// @return whether the server is ready now
    boolean awaitLoaded() throws InterruptedException {
        loading.join();
        readiness.started();
        return readiness.isReady();
    }

    void drain() throws InterruptedException {
        if (!edge.drain(Duration.ofMillis(config.drainMillis()), FINISH_LIMIT)) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "%d requests were cut off".formatted(edge.inFlight().count()));
        }
        if (grpc.isPresent() && !grpc.get().finish(FINISH_LIMIT)) {
            LOGGER.log(System.Logger.Level.WARNING, "gRPC calls were cut off");
        }
    }

    @Override
    public void close() {
        if (grpc.isPresent()) {
            grpc.get().close();
        }
        edge.close();
        ours.ifPresent(Ours::close);
        tracing.close();
        bodies.close();
        payloads.ifPresent(PayloadLog::close);
        awaitLoading();
        models.close();
        runtime.close();
        threads.close();
        metrics.close();
    }

    private void awaitLoading() {
        try {
            loading.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void routes(Routes routes) {
        Protocols.all(models, inference, readiness, config.v1Flavour().orElse(V1Flavour.TFSERVING))
                .forEach(routes::add);
        routes.add(new HealthRoutes(readiness)).add(metrics);
    }

    private Listener listener(String name, int port) {
        return new Listener(name, config.host(), port, config.maxBodyBytes());
    }

    /// One on small machines: what loads takes from those that answer.
    static int loads() {
        return Math.clamp(Runtime.getRuntime().availableProcessors() / 4, 1, 2);
    }
}
