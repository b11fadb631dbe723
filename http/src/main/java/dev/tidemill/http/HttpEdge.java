package dev.tidemill.http;

import static java.util.Objects.requireNonNull;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.tracing.Tracing;
import io.helidon.common.tls.Tls;
import io.helidon.http.HttpLogConfig;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A process's HTTP server: one or more listeners with one way of answering errors, counting,
/// logging and ending. One virtual thread serves each connection.
///
/// Life: [#start()], then [Readiness#started()] when the process can answer, [#drain] to leave
/// without failing a request, [#close()].
public final class HttpEdge implements AutoCloseable {
    /// Request line and headers beyond this are refused with 400.
    public static final int MAX_HEADER_BYTES = 16 * 1024;

    private static final int BACKLOG = 1024;
    private static final Duration HEAD_LIMIT = Duration.ofSeconds(30);
    private static final Duration STALL_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofMillis(500);

    /// Kept so that the level set on it is not lost to the garbage collector.
    private final Logger serverLogger = Logger.getLogger("io.helidon");

    private final Map<String, Entry> listeners;
    private final ErrorAnswers errors;
    private final RequestFilter filter;
    private final Readiness readiness;
    private final InFlight inFlight;
    private final HeadWatch heads;
    private final StallWatch stalls;
    private final Map<String, SSLContext> tls;
    private final Map<String, ConnectionRule> connectionRules;
    private @Nullable WebServer server;

    private HttpEdge(Builder builder) {
        this.listeners = new LinkedHashMap<>(builder.listeners);
        this.errors = new ErrorAnswers(builder.errorBody, new FailureLog(builder.nanos));
        this.readiness = builder.readiness;
        this.inFlight = builder.inFlight;
        this.tls = Map.copyOf(builder.tls);
        this.connectionRules = Map.copyOf(builder.connectionRules);
        this.heads = new HeadWatch(builder.headLimit, builder.nanos);
        this.stalls = new StallWatch(builder.stallLimit, builder.nanos);
        builder.metrics.gauge(Metrics.IN_FLIGHT, inFlight::count);
        if (builder.tracing.isOn()) {
            builder.metrics.show(builder.tracing);
        }
        this.filter =
                new RequestFilter(
                        readiness,
                        inFlight,
                        builder.metrics,
                        new AccessLines(builder.accessLog, builder.nanos),
                        builder.requestIds,
                        builder.tracing,
                        builder.nanos);
    }

    /// @param readiness what the health routes and the drain look at
    /// @param metrics gets the request histogram
    public static Builder builder(Readiness readiness, Metrics metrics) {
        return new Builder(readiness, metrics);
    }

    /// Binds every listener.
    ///
    /// @throws TidemillException `CONFLICT` when an address cannot be bound
    public synchronized void start() {
        // The server logs a failed bind with its stack trace; what it means is thrown below.
        serverLogger.setLevel(Level.OFF);
        WebServerConfig.Builder config =
                WebServer.builder()
                        .shutdownHook(false)
                        .featuresDiscoverServices(false)
                        .mediaContext(
                                MediaContext.builder().mediaSupportsDiscoverServices(false).build())
                        .contentEncoding(new CodingsAsSent());
        boolean first = true;
        for (Entry entry : listeners.values()) {
            if (first) {
                listen(config, entry);
                first = false;
            } else {
                ListenerConfig.Builder further = ListenerConfig.builder();
                listen(further, entry);
                config.putSocket(entry.listener().name(), further.build());
            }
        }
        WebServer started = config.build().start();
        if (!started.isRunning()) {
            throw new TidemillException(ErrorCode.CONFLICT, cannotBind());
        }
        server = started;
        serverLogger.setLevel(Level.WARNING);
    }

    /// The port that a listener is bound to.
    public synchronized int port(String listener) {
        WebServer running = requireNonNull(server, "not started");
        boolean first = listeners.keySet().iterator().next().equals(listener);
        return first ? running.port() : running.port(listener);
    }

    public InFlight inFlight() {
        return inFlight;
    }

    /// Leaves without failing a request: turns not ready, ends connections with their next answer,
    /// serves on for `grace` so that whoever routes to us can notice, waits up to `limit` for what
    /// is still in flight, and stops listening.
    ///
    /// @return whether nothing was cut off
    public boolean drain(Duration grace, Duration limit) throws InterruptedException {
        readiness.draining();
        Thread.sleep(grace);
        boolean finished = inFlight.awaitNone(limit);
        close();
        return finished;
    }

    @Override
    public synchronized void close() {
        heads.close();
        stalls.close();
        if (server != null) {
            server.stop();
            server = null;
        }
    }

    private void listen(ListenerConfig.BuilderBase<?, ?> config, Entry entry) {
        Listener listener = entry.listener();
        HttpRouting.Builder routing = HttpRouting.builder();
        routing.addFilter(filter).error(Throwable.class, errors);
        Routes routes = new Routes(routing);
        routes.add(entry.routes());
        routes.finish();
        config.host(listener.host())
                .port(listener.port())
                .backlog(BACKLOG)
                // Bodies.read gives the friendly answer; this bounds what is read and thrown away.
                .maxPayloadSize(2 * listener.maxBodyBytes() + (1 << 20))
                .shutdownGracePeriod(STOP_LIMIT)
                // Its sockets write an answer at once, those over channels 8 KiB at a time.
                .useNio(false)
                // What is written in parts is flushed part by part: the buffer only joins a part's
                // edges.
                .writeBufferSize(512)
                .connectionOptions(options ->
                        options.socketReceiveBufferSize(64 * 1024)
                                .tcpNoDelay(true)
                                .socketKeepAlive(true))
                .putListenerSocketOption(StandardSocketOptions.SO_REUSEADDR, true)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(
                        CallerConnection.selector(http1(), stalls, doorway(listener)))
                .directHandlers(errors.direct())
                .routing(routing);
        SSLContext context = tls.get(listener.name());
        if (context != null) {
            config.tls(Tls.builder().sslContext(context).build());
        }
    }

    private CallerConnection.Doorway doorway(Listener listener) {
        ConnectionRule rule = connectionRules.get(listener.name());
        return new CallerConnection.Doorway(
                rule == null ? null : new ClientConnections(rule), errors.tooManyConnections());
    }

    private ServerConnectionSelector http1() {
        return Http1ConnectionSelector.builder()
                .config(
                        Http1Config.builder()
                                .maxHeadersSize(MAX_HEADER_BYTES)
                                .addReceiveListener(heads)
                                .log(
                                        HttpLogConfig.builder()
                                                .sendLog(false)
                                                .receiveLog(false)
                                                .build())
                                .build())
                .build();
    }

    private String cannotBind() {
        StringBuilder message = new StringBuilder();
        for (Entry entry : listeners.values()) {
            message.append(message.isEmpty() ? "" : ", ")
                    .append(
                            "%s: '%s:%d'"
                                    .formatted(
                                            entry.listener().name(),
                                            entry.listener().host(),
                                            entry.listener().port()));
        }
        return message + " (expected: an address of this machine and a free port)";
    }

    private record Entry(Listener listener, RouteSet routes) {}

    /// Gathers an edge's parts.
    public static final class Builder {
        private final Map<String, Entry> listeners = new LinkedHashMap<>();
        private final Map<String, SSLContext> tls = new HashMap<>();
        private final Map<String, ConnectionRule> connectionRules = new HashMap<>();
        private final Readiness readiness;
        private final Metrics metrics;
        private final InFlight inFlight = new InFlight();
        private ErrorBody errorBody = ErrorBody.PLAIN;
        private AccessLog accessLog = AccessLog.FAILURES;
        private Supplier<String> requestIds = RequestId.source(new SplittableRandom());
        private Tracing tracing = Tracing.OFF;
        private LongSupplier nanos = System::nanoTime;
        private Duration headLimit = HEAD_LIMIT;
        private Duration stallLimit = STALL_LIMIT;

        private Builder(Readiness readiness, Metrics metrics) {
            this.readiness = requireNonNull(readiness, "readiness");
            this.metrics = requireNonNull(metrics, "metrics");
        }

        /// The first one added is the main one.
        public Builder listen(Listener listener, RouteSet routes) {
            listeners.put(listener.name(), new Entry(listener, routes));
            return this;
        }

        /// Has a listener speak TLS.
        public Builder tls(String listener, SSLContext context) {
            tls.put(listener, context);
            return this;
        }

        /// Has a listener speak TLS to those of ours.
        ///
        /// @param needed whether those are refused who show no certificate; otherwise its handlers
        ///   may ask who calls, see [dev.tidemill.http.tls.Peers]
        public Builder tlsOfOurs(String listener, SSLContext context, boolean needed) {
            tls.put(listener, new AskingContext(context, needed));
            return this;
        }

        /// How many connections each client may have to a listener; any number unless given.
        public Builder connections(String listener, ConnectionRule rule) {
            connectionRules.put(listener, rule);
            return this;
        }

        public Builder errorBody(ErrorBody body) {
            this.errorBody = body;
            return this;
        }

        public Builder accessLog(AccessLog log) {
            this.accessLog = log;
            return this;
        }

        /// Where ids of requests that bring none come from; [RequestId#source] unless given.
        public Builder requestIds(Supplier<String> source) {
            this.requestIds = source;
            return this;
        }

        /// Where the spans of requests go; nowhere unless given. It is not closed with the edge, so
        /// that the last spans can be sent.
        public Builder tracing(Tracing given) {
            this.tracing = given;
            return this;
        }

        /// How long a request may take from its first line to the end of its headers; 30 s unless
        /// given.
        public Builder headLimit(Duration limit) {
            this.headLimit = limit;
            return this;
        }

        /// How long a client may take nothing of its answer, or send nothing of its body; 60 s
        /// unless given.
        public Builder stallLimit(Duration limit) {
            this.stallLimit = limit;
            return this;
        }

        /// The monotonic clock.
        public Builder nanos(LongSupplier clock) {
            this.nanos = clock;
            return this;
        }

        public HttpEdge build() {
            return new HttpEdge(this);
        }
    }
}
