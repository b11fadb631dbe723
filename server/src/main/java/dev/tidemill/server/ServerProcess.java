package dev.tidemill.server;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.logging.JsonLines;
import dev.tidemill.common.logging.PlainLines;
import dev.tidemill.common.process.SupervisorLink;
import dev.tidemill.http.AccessLog;
import dev.tidemill.http.HealthRoutes;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Json;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.Routes;
import dev.tidemill.http.ServiceDiscovery;
import dev.tidemill.http.tracing.Tracing;
import dev.tidemill.limits.AdaptiveLimit;
import dev.tidemill.limits.Capacity;
import dev.tidemill.runtimes.onnx.OnnxRuntime;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.server.admission.AdmissionGate;
import dev.tidemill.server.cache.ResponseCache;
import dev.tidemill.server.engine.ComputeThreads;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.functions.FunctionRuntime;
import dev.tidemill.server.functions.Functions;
import dev.tidemill.server.metrics.ServerMetrics;
import dev.tidemill.server.metrics.TritonMetrics;
import dev.tidemill.server.metrics.gpu.GpuMetrics;
import dev.tidemill.server.modelconfig.InstanceGroup;
import dev.tidemill.server.payload.PayloadLog;
import dev.tidemill.server.protocol.BodyWatch;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.grpc.GrpcEdge;
import dev.tidemill.server.protocol.openinference.OpenInferenceRoutes;
import dev.tidemill.server.repository.ModelLoader;
import dev.tidemill.server.repository.ModelRepository;
import dev.tidemill.server.repository.RepositorySettings;
import dev.tidemill.server.repository.WarmUp;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/// The composition root of a model server.
///
/// Life: listens, loads and warms up its models, says that it is ready, serves until its supervisor
/// closes standard input or the process gets SIGTERM or SIGINT, drains, returns. A model that
/// cannot be loaded keeps it from being ready; it stays up to say why.
public final class ServerProcess implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ServerProcess.class.getName());
    private static final String MAIN = "main";
    private static final String TFS = "tfs";

    /// For all models together: start-up time is what scaling waits for.
    private static final Duration WARM_UP = Duration.ofMillis(100);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /// Answers may take four times as long as they must before an adaptive limit falls.
    private static final double TOLERANCE = 4;

    private static final Duration HARMLESS = Duration.ofMillis(5);
    private static final Duration FINISH_LIMIT = Duration.ofSeconds(10);

    private final ServerConfig config;
    private final Metrics metrics = new Metrics();
    private final Tracing tracing;
    private final ComputeThreads threads =
            new ComputeThreads(Runtime.getRuntime().availableProcessors());
    private final ModelRuntime runtime;
    private final ModelRepository models;
    private final Readiness readiness;
    private final AdmissionGate gate;
    private final HttpEdge edge;
    private final Inference inference;
    private final Optional<GrpcEdge> grpc;
    private final Thread loading;
    private final Optional<ResponseCache> cache;
    private final Optional<PayloadLog> payloads;
    private final BodyWatch bodies;
    private final LongSupplier clock = System::currentTimeMillis;

    /// @param runtime is closed with the server
    ServerProcess(ServerConfig config, ModelRuntime runtime) {
        this(config, runtime, System.getenv());
    }

    /// @param environment says whether traces are recorded
    ServerProcess(ServerConfig config, ModelRuntime runtime, Map<String, String> environment) {
        this.config = config;
        this.tracing =
                Tracing.start(
                        Tracing.Service.of("tidemill-server", config.name(), ServerProcess.class),
                        environment,
                        Tracing.Clocks.SYSTEM);
        this.runtime = runtime;
        ServerExtras extras = config.extras().orElse(ServerExtras.NONE);
        this.cache = extras.responseCacheBytes().map(ResponseCache::new);
        this.payloads = extras.payloadLog().map(log -> log.open(config.name()));
        this.bodies = new BodyWatch(extras.bodyTime(), System::nanoTime);
        this.models =
                new ModelRepository(
                        config.models(),
                        config.repository()
                                .map(RepositoryConfig::settings)
                                .orElse(RepositorySettings.NONE),
                        new ModelLoader(
                                List.of(runtime, new FunctionRuntime(Functions::installed)),
                                threads,
                                metrics,
                                new WarmUp(
                                        WARM_UP.dividedBy(Math.max(1, config.models().size())),
                                        OpenInferenceRoutes::exercise,
                                        System::nanoTime),
                                System::nanoTime,
                                cache),
                        loads());
        this.loading = Thread.ofPlatform().name("loading").unstarted(models::load);
        this.readiness = new Readiness(models::obstacle);
        this.gate = gate(extras);
        this.inference =
                new Inference(
                        gate,
                        config.maxBodyBytes(),
                        System::nanoTime,
                        new Inference.Guards(payloads, Optional.of(bodies), clock));
        this.grpc =
                config.grpcPorts().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                GrpcProtocols.edge(
                                        config, models, inference, readiness, metrics, tracing));
        HttpEdge.Builder listeners = HttpEdge.builder(readiness, metrics);
        listeners.listen(listener(MAIN, config.port()), this::routes);
        config.tfsPorts()
                .ifPresent(ports -> listeners.listen(listener(TFS, ports.http()), this::routes));
        this.edge =
                listeners
                        .accessLog(AccessLog.FAILURES)
                        .requestIds(RequestId.source(new SplittableRandom()))
                        .tracing(tracing)
                        .build();
        GpuMetrics.watch(metrics);
        metrics.gauge(ServerMetrics.IN_FLIGHT, () -> gate.load().requests());
        metrics.gauge(ServerMetrics.LIMIT, gate::limit);
        metrics.gauge(ServerMetrics.IN_FLIGHT_BYTES, () -> gate.load().bytes());
        if (extras.tritonMetrics().orElse(false)) {
            metrics.also(() -> TritonMetrics.text(tritonVersions()));
        }
        cache.ifPresent(this::show);
        payloads.ifPresent(this::show);
        metrics.gauge(ServerMetrics.STALLED, bodies::ended);
    }

    private void show(PayloadLog shown) {
        metrics.gauge(ServerMetrics.PAYLOADS, shown::written, "written");
        metrics.gauge(ServerMetrics.PAYLOADS, shown::dropped, "dropped");
        metrics.gauge(ServerMetrics.PAYLOADS, shown::failed, "failed");
    }

    private AdmissionGate gate(ServerExtras extras) {
        Capacity capacity =
                new Capacity(
                        config.maxInFlight(), new ByteSize(config.maxInFlightBytes()), RETRY_AFTER);
        if (extras.adaptiveMin().isEmpty()) {
            return new AdmissionGate(capacity);
        }
        return new AdmissionGate(
                capacity,
                new AdaptiveLimit(
                        Math.min(extras.adaptiveMin().get(), config.maxInFlight()),
                        config.maxInFlight(),
                        TOLERANCE,
                        HARMLESS),
                this::batchesNeed);
    }

    /// Requests that fill every batch twice: one that runs and one that forms.
    private int batchesNeed() {
        int requests = 0;
        for (ServedModel model : models.answering()) {
            int instances = model.config().instances().stream().mapToInt(InstanceGroup::runs).sum();
            requests += 2 * Math.max(1, model.config().maxBatchSize().orElse(1)) * instances;
        }
        return requests;
    }

    private void show(ResponseCache shown) {
        metrics.gauge(ServerMetrics.CACHE_BYTES, () -> shown.usage().bytes());
        metrics.gauge(ServerMetrics.CACHE_ENTRIES, () -> shown.usage().entries());
        metrics.gauge(ServerMetrics.CACHE_EVICTIONS, () -> shown.usage().evictions());
    }

    private List<TritonMetrics.Version> tritonVersions() {
        long now = System.nanoTime();
        long millis = clock.getAsLong();
        return models.answering().stream()
                .map(model ->
                        new TritonMetrics.Version(
                                model.name(),
                                model.version(),
                                model.meters().statistics(now, millis),
                                model.meters().failures(),
                                model.waiting()))
                .toList();
    }

    /// Runs a server until it is told to end.
    ///
    /// @param in the supervisor's lines: the configuration first
    /// @param out for events and log lines
    /// @throws dev.tidemill.common.TidemillException when the configuration is wrong or the port
    ///   cannot be bound
    public static void main(InputStream in, PrintStream out) throws InterruptedException {
        prepare();
        ServiceDiscovery.switchOff();
        SupervisorLink link = new SupervisorLink(in, out);
        ServerConfig config =
                Json.read(
                        link.configuration().getBytes(StandardCharsets.UTF_8), ServerConfig.class);
        JsonLines.install(config.name(), out);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        onSignal(end, ended);
        link.follow(
                _ ->
                        LOGGER.log(
                                System.Logger.Level.WARNING,
                                "a new configuration came; a server takes one at its start only"),
                end::countDown);
        OnnxRuntime runtime = new OnnxRuntime(config.deviceChoice());
        try (ServerProcess server = new ServerProcess(config, runtime)) {
            link.listening(server.start());
            if (server.load()) {
                link.ready();
                Announcement.device(runtime.device());
            }
            end.await();
            server.drain();
        } finally {
            ended.countDown();
        }
    }

    /// Runs a server in the foreground until the process gets SIGTERM or SIGINT.
    ///
    /// @param out for log lines
    /// @throws dev.tidemill.common.TidemillException when a port cannot be bound
    public static void serve(ServerConfig config, PrintStream out) throws InterruptedException {
        OnnxRuntime runtime = new OnnxRuntime(config.deviceChoice());
        prepare();
        ServiceDiscovery.switchOff();
        PlainLines.install(ZoneId.systemDefault(), out);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        onSignal(end, ended);
        try (ServerProcess server = new ServerProcess(config, runtime)) {
            // Before anything is loaded: a port that is in use is the usual mistake.
            server.edge.start();
            server.startGrpc();
            Announcement.listening(
                    config,
                    loads(),
                    server.edge.port(MAIN),
                    config.tfsPorts().map(_ -> server.edge.port(TFS)));
            Announcement.device(runtime.device());
            server.loading.start();
            server.load();
            Announcement.loaded(server.models, server.readiness.whyNot());
            end.await();
            // Logging ends when the JVM begins to.
            out.println("stopping: requests in flight may finish");
            server.drain();
        } finally {
            ended.countDown();
        }
    }

    /// The native library takes a while, and its environment is every runtime's.
    private static void prepare() {
        Thread.ofPlatform()
                .daemon()
                .name("preparing")
                .start(() -> {
                    try (OnnxRuntime any = new OnnxRuntime()) {
                        any.prepare();
                    }
                });
    }

    private static void onSignal(CountDownLatch end, CountDownLatch ended) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    end.countDown();
                                    uninterrupted(ended::await);
                                },
                                "shutdown"));
    }

    /// Begins to load the models, and listens meanwhile, not ready yet.
    ///
    /// @return the port
    int start() {
        loading.start();
        edge.start();
        startGrpc();
        return edge.port(MAIN);
    }

    /// In the order of the configuration; empty without gRPC.
    List<Integer> grpcPorts() {
        return grpc.isPresent() ? grpc.get().ports() : List.of();
    }

    /// No method reference anywhere: making one would load the class, which costs a server without
    /// gRPC some of its start.
    private void startGrpc() {
        if (grpc.isPresent()) {
            grpc.get().start();
            LOGGER.log(System.Logger.Level.INFO, "listening: gRPC on " + grpcPorts());
        }
    }

    /// Waits until every model is loaded or has failed.
    ///
    /// @return whether the server is ready now
    boolean load() throws InterruptedException {
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
        tracing.close();
        bodies.close();
        payloads.ifPresent(PayloadLog::close);
        uninterrupted(loading::join);
        models.close();
        runtime.close();
        threads.close();
        metrics.close();
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
    private static int loads() {
        return Math.clamp(Runtime.getRuntime().availableProcessors() / 4, 1, 2);
    }

    private static void uninterrupted(Waiting waiting) {
        try {
            waiting.forIt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Waiting {
        void forIt() throws InterruptedException;
    }
}
