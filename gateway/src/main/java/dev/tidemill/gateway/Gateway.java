package dev.tidemill.gateway;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.forward.InferenceHandler;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.traffic.TrafficLedger;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.tracing.Tracing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The gateway's parts, put together. Life: [#start()], any number of [#update], [#drain()],
/// [#close()].
final class Gateway implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Gateway.class.getName());
    private static final String MAIN = "main";
    private static final String ADMIN = "admin";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String VERSION = "0.1.0";

    private final Metrics metrics = new Metrics();
    private final Tracing tracing;
    private final Readiness readiness;
    private final LiveTable live;
    private final HttpEdge edge;
    private volatile GatewayConfig config;

    /// @param nanos monotonic clock
    /// @param random gives the calling thread's generator
    /// @param bodyMemoryBytes of all request bodies that are held at once
    /// @param environment says whether traces are recorded
    Gateway(
            GatewayConfig config,
            LongSupplier nanos,
            Supplier<? extends RandomGenerator> random,
            long bodyMemoryBytes,
            Map<String, String> environment) {
        this.config = config;
        this.tracing =
                Tracing.start(
                        Tracing.Service.of("tidemill-gateway", config.name(), Gateway.class),
                        environment,
                        new Tracing.Clocks(InstantSource.system(), nanos));
        TrafficLedger ledger = new TrafficLedger(metrics, nanos);
        this.live = new LiveTable(config, ledger, nanos);
        this.readiness = new Readiness(() -> live.current().missing());
        InferenceHandler inference =
                InferenceHandler.create(
                        live, metrics, nanos, random, config.maxBodyBytes(), bodyMemoryBytes);
        this.edge =
                HttpEdge.builder(readiness, metrics)
                        .listen(
                                new Listener(
                                        MAIN, config.host(), config.port(), config.maxBodyBytes()),
                                new OwnRoutes(config.name(), VERSION, live, readiness, inference))
                        .listen(
                                new Listener(ADMIN, LOOPBACK, config.adminPort(), 0),
                                new AdminRoutes(metrics, ledger, live))
                        .requestIds(RequestId.source(random.get()))
                        .tracing(tracing)
                        .nanos(nanos)
                        .build();
    }

    /// Binds both listeners.
    ///
    /// @throws TidemillException `CONFLICT` when an address cannot be bound
    void start() {
        live.start();
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
            GatewayConfig next = config.parseUpdate(line);
            live.swap(next);
            config = next;
        } catch (TidemillException e) {
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    "configuration refused, the one before stays: " + e.getMessage());
        }
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
        tracing.close();
        live.close();
        metrics.close();
    }
}
