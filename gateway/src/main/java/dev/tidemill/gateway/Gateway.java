package dev.tidemill.gateway;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.admission.Admission;
import dev.tidemill.gateway.admission.Meters;
import dev.tidemill.gateway.audit.AuditLog;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.forward.Heartbeats;
import dev.tidemill.gateway.forward.InferenceHandler;
import dev.tidemill.gateway.openai.OpenAiErrors;
import dev.tidemill.gateway.reload.ConfigStatus;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.table.TableParts;
import dev.tidemill.gateway.table.UpstreamKeys;
import dev.tidemill.gateway.traffic.TrafficLedger;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.tracing.Tracing;
import java.time.Duration;
import java.util.function.LongSupplier;

/// The gateway's parts, put together. Life: [#start()], any number of [#update], [#drain()],
/// [#close()].
final class Gateway implements AutoCloseable {
    private static final String MAIN = "main";
    private static final String ADMIN = "admin";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String VERSION = "0.1.0";

    private final Metrics metrics = new Metrics();
    private final Tracing tracing;
    private final ConfigStatus status = new ConfigStatus(metrics);
    private final Readiness readiness;
    private final LiveTable live;
    private final Heartbeats heartbeats;
    private final AuditLog audit;
    private final HttpEdge edge;
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
        TrafficLedger ledger = new TrafficLedger(metrics, nanos);
        this.live =
                new LiveTable(
                        config,
                        new TableParts(
                                ledger,
                                nanos,
                                around.clock(),
                                new UpstreamKeys(around.environment()),
                                around.tls()));
        this.readiness = new Readiness(() -> live.current().missing());
        this.heartbeats = new Heartbeats(nanos);
        this.audit = new AuditLog(metrics, nanos, around.clock(), around.random());
        audit.use(config.orNoRules().orNoAnswers().audit());
        InferenceHandler inference =
                InferenceHandler.create(
                        live,
                        new Admission(new Meters(nanos), metrics),
                        heartbeats,
                        audit,
                        metrics,
                        nanos,
                        around.clock(),
                        around.random(),
                        config.maxBodyBytes(),
                        around.bodyMemoryBytes());
        this.edge =
                HttpEdge.builder(readiness, metrics)
                        .listen(
                                new Listener(
                                        MAIN, config.host(), config.port(), config.maxBodyBytes()),
                                new OwnRoutes(
                                        config.name(),
                                        VERSION,
                                        live,
                                        readiness,
                                        status,
                                        inference,
                                        around.clock().instant()))
                        .listen(
                                new Listener(ADMIN, LOOPBACK, config.adminPort(), 0),
                                new AdminRoutes(metrics, ledger, live))
                        .errorBody(new OpenAiErrors())
                        .requestIds(RequestId.source(around.random().get()))
                        .tracing(tracing)
                        .nanos(nanos)
                        .build();
    }

    /// Binds both listeners.
    ///
    /// @throws TidemillException `CONFLICT` when an address cannot be bound
    void start() {
        live.start();
        heartbeats.start();
        edge.start();
        readiness.started();
    }

    int port() {
        return edge.port(MAIN);
    }

    int adminPort() {
        return edge.port(ADMIN);
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

    ConfigStatus status() {
        return status;
    }

    private void take(GatewayConfig next) {
        live.swap(next);
        audit.use(next.orNoRules().orNoAnswers().audit());
        config = next;
        status.taken();
    }

    /// Leaves without failing a request.
    ///
    /// @return whether nothing was cut off
    boolean drain() throws InterruptedException {
        return edge.drain(
                Duration.ofMillis(config.drainMillis()),
                Duration.ofMillis(config.requestTimeoutMillis()));
    }

    @Override
    public void close() {
        edge.close();
        audit.close();
        tracing.close();
        heartbeats.close();
        live.close();
        metrics.close();
    }
}
