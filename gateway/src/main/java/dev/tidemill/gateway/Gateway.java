package dev.tidemill.gateway;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.WrongKeys;
import dev.tidemill.gateway.admission.Admission;
import dev.tidemill.gateway.admission.Meters;
import dev.tidemill.gateway.admission.SharedLimits;
import dev.tidemill.gateway.audit.AuditLog;
import dev.tidemill.gateway.cache.AnswerCaches;
import dev.tidemill.gateway.canary.Canaries;
import dev.tidemill.gateway.canary.CanaryControl;
import dev.tidemill.gateway.canary.CanaryFile;
import dev.tidemill.gateway.canary.CanaryKeeping;
import dev.tidemill.gateway.canary.CanaryRoutes;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.control.ControlApi;
import dev.tidemill.gateway.forward.Heartbeats;
import dev.tidemill.gateway.forward.InferenceHandler;
import dev.tidemill.gateway.grpc.GrpcEdge;
import dev.tidemill.gateway.jwt.Issuers;
import dev.tidemill.gateway.mirror.Copies;
import dev.tidemill.gateway.openai.OpenAiErrors;
import dev.tidemill.gateway.reload.ConfigStatus;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.table.TableParts;
import dev.tidemill.gateway.table.UpstreamKeys;
import dev.tidemill.gateway.traffic.RequestTape;
import dev.tidemill.gateway.traffic.TrafficLedger;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.tls.WatchedIdentity;
import dev.tidemill.http.tracing.Tracing;
import dev.tidemill.stores.redis.RedisAddress;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// The gateway's parts, put together. Life: [#start()], any number of [#update], [#drain()],
/// [#close()].
final class Gateway implements AutoCloseable {
    private static final String MAIN = "main";
    private static final String ADMIN = "admin";
    private static final String VERSION = "0.1.0";
    private static final Duration CONTROL_TIMEOUT = Duration.ofSeconds(1);

    private final Metrics metrics = new Metrics();
    private final Tracing tracing;
    private final ConfigStatus status = new ConfigStatus(metrics);
    private final Readiness readiness;
    private final LiveTable live;
    private final Issuers issuers;
    private final Heartbeats heartbeats;
    private final @Nullable WatchedCertificate certificate;

    /// Null where our processes speak plainly to one another.
    private final @Nullable Ours ours;

    private final @Nullable SharedLimits shared;
    private final AuditLog audit;
    private final Canaries canaries;
    private final AnswerCaches caches = new AnswerCaches(metrics);
    private final HttpEdge edge;

    /// Null without such a port: then none of its classes are loaded.
    private final @Nullable GrpcEdge grpc;

    private volatile GatewayConfig config;

    /// @throws TidemillException when a key that an upstream wants is not there
    Gateway(GatewayConfig config, Surroundings around) {
        this.config = config;
        LongSupplier nanos = around.nanos();
        this.tracing =
                Tracing.start(
                        Tracing.Service.of("tidemill-gateway", config.name(), Gateway.class),
                        around.environment(),
                        new Tracing.Clocks(around.clock(), nanos));
        this.issuers = new Issuers(nanos);
        TrafficLedger ledger = new TrafficLedger(metrics, nanos);
        this.ours =
                config.mtls().map(files -> new Ours(files, metrics, around.clock())).orElse(null);
        SSLSocketFactory control = ours == null ? null : ours.control();
        this.canaries = new Canaries(metrics, nanos, around.clock(), keeping(config, control));
        this.live =
                new LiveTable(
                        config,
                        new TableParts(
                                ledger,
                                nanos,
                                around.clock(),
                                new UpstreamKeys(around.environment()),
                                issuers,
                                new WrongKeys(nanos, metrics),
                                canaries,
                                around.tls(),
                                ours == null ? around.tls() : ours.servers()::getSocketFactory));
        this.readiness = new Readiness(() -> live.current().missing());
        this.heartbeats = new Heartbeats(nanos);
        this.shared = shared(config, around);
        RequestTape tape = new RequestTape(nanos, around.random().get().nextLong(1, 1L << 53));
        this.audit = new AuditLog(metrics, nanos, around.clock(), around.random(), tape, control);
        audit.use(config.orNoRules().orNoAnswers().audit());
        caches.use(config.orNoRules().orNoAnswers().caches());
        Admission admission = new Admission(new Meters(nanos, around.clock()), shared, metrics);
        Copies copies = new Copies(metrics, nanos);
        InferenceHandler inference =
                InferenceHandler.create(
                        live,
                        admission,
                        heartbeats,
                        audit,
                        caches,
                        copies,
                        metrics,
                        nanos,
                        around.clock(),
                        around.random(),
                        config.maxBodyBytes(),
                        around.bodyMemoryBytes());
        this.certificate =
                config.tls()
                        .map(files -> new WatchedCertificate(files, metrics, around.clock()))
                        .orElse(null);
        HttpEdge.Builder building = HttpEdge.builder(readiness, metrics);
        if (certificate != null) {
            building.tls(MAIN, certificate.context());
        }
        building.listen(
                        new Listener(MAIN, config.host(), config.port(), config.maxBodyBytes()),
                        new OwnRoutes(
                                config.name(),
                                VERSION,
                                live,
                                readiness,
                                status,
                                inference,
                                around.clock().instant()))
                .listen(
                        new Listener(ADMIN, config.orLoopback(), config.adminPort(), 0),
                        new AdminRoutes(
                                metrics,
                                ledger,
                                tape,
                                live,
                                new CanaryRoutes(canaries, this::admitOrder)))
                .connections(
                        MAIN, (client, open) -> live.current().access().mayConnect(client, open))
                .errorBody(new OpenAiErrors())
                .requestIds(RequestId.source(around.random().get()))
                .tracing(tracing)
                .nanos(nanos);
        if (ours != null) {
            ours.listen(building, ADMIN, config.orLoopback(), readiness, metrics);
        }
        this.edge = building.build();
        this.grpc = config.grpcPort().isEmpty() ? null : grpc(config, around, admission, copies);
    }

    private static @Nullable CanaryKeeping keeping(
            GatewayConfig config, @Nullable SSLSocketFactory tls) {
        if (config.canaryFile().isPresent()) {
            return new CanaryFile(Path.of(config.canaryFile().get()));
        }
        return config.canaryControl()
                .map(control ->
                        new CanaryControl(
                                new ControlApi(
                                        control.url(),
                                        control.tokenFile().map(Path::of),
                                        CONTROL_TIMEOUT,
                                        tls),
                                config.name()))
                .orElse(null);
    }

    private GrpcEdge grpc(
            GatewayConfig config, Surroundings around, Admission admission, Copies copies) {
        return new GrpcEdge(
                new GrpcEdge.Listening(
                        config.host(),
                        config.grpcPort().orElseThrow(),
                        (int) config.maxBodyBytes(),
                        around.bodyMemoryBytes(),
                        certificate == null ? null : certificate.context(),
                        ours == null ? null : ours.servers()),
                new GrpcEdge.Shared(
                        config.name(),
                        VERSION,
                        live,
                        admission,
                        audit,
                        copies,
                        readiness,
                        metrics,
                        tracing,
                        around.nanos(),
                        around.random()));
    }

    private void admitOrder(ServerRequest request, ServerResponse response) {
        if (!config.adminOrders().orElse(true)) {
            throw new TidemillException(
                    ErrorCode.FORBIDDEN,
                    "order: 'without a key' (expected: access.adminKeys in the file, since other"
                            + " machines reach this port)");
        }
        live.current().access().admitOrder(request, response);
    }

    private @Nullable SharedLimits shared(GatewayConfig config, Surroundings around) {
        GatewayRules.SharedStore store = config.orNoRules().shared().orElse(null);
        if (store == null) {
            return null;
        }
        RedisAddress address =
                new RedisAddress(
                        store.url(),
                        store.user(),
                        store.password().map(new UpstreamKeys(around.environment())::key),
                        Duration.ofMillis(store.timeoutMillis()));
        return new SharedLimits(
                around.sharedMeters().apply(new Surroundings.StoreOfLimits(address, config.name())),
                store.failOpen(),
                UUID.randomUUID() + "-",
                metrics);
    }

    /// Binds both listeners.
    ///
    /// @throws TidemillException `CONFLICT` when an address cannot be bound
    void start() {
        if (shared != null) {
            shared.start();
        }
        if (certificate != null) {
            certificate.start();
        }
        if (ours != null) {
            ours.start();
        }
        live.start();
        heartbeats.start();
        canaries.start();
        edge.start();
        if (grpc != null) {
            grpc.start();
        }
        readiness.started();
    }

    int port() {
        return edge.port(MAIN);
    }

    /// Empty when it does not speak gRPC.
    OptionalInt grpcPort() {
        return grpc == null ? OptionalInt.empty() : OptionalInt.of(grpc.port());
    }

    int adminPort() {
        return edge.port(ADMIN);
    }

    /// Where it is probed and scraped without a certificate; empty where the admin port is plain.
    OptionalInt healthPort() {
        return ours == null
                ? OptionalInt.empty()
                : OptionalInt.of(edge.port(WatchedIdentity.HEALTH));
    }

    /// Takes a configuration line. A line with problems changes nothing.
    void update(String line) {
        try {
            take(config.parseUpdate(line));
        } catch (TidemillException e) {
            status.refused(String.valueOf(e.getMessage()));
        }
    }

    /// Takes another configuration. One with problems changes nothing.
    void update(GatewayConfig next) {
        try {
            take(config.checkedUpdate(next));
        } catch (TidemillException e) {
            status.refused(String.valueOf(e.getMessage()));
        }
    }

    Canaries canaries() {
        return canaries;
    }

    ConfigStatus status() {
        return status;
    }

    private void take(GatewayConfig next) {
        live.swap(next);
        audit.use(next.orNoRules().orNoAnswers().audit());
        caches.use(next.orNoRules().orNoAnswers().caches());
        config = next;
        status.taken();
    }

    /// Leaves without failing a request.
    ///
    /// @return whether nothing was cut off
    boolean drain() throws InterruptedException {
        Duration limit = Duration.ofMillis(config.requestTimeoutMillis());
        boolean whole = edge.drain(Duration.ofMillis(config.drainMillis()), limit);
        return (grpc == null || grpc.finish(limit)) && whole;
    }

    @Override
    public void close() {
        edge.close();
        if (grpc != null) {
            grpc.close();
        }
        audit.close();
        tracing.close();
        canaries.close();
        heartbeats.close();
        live.close();
        issuers.close();
        if (certificate != null) {
            certificate.close();
        }
        if (ours != null) {
            ours.close();
        }
        if (shared != null) {
            shared.close();
        }
        metrics.close();
    }
}
