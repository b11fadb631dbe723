package dev.tidemill.gateway.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.admission.Admission;
import dev.tidemill.gateway.audit.AuditLog;
import dev.tidemill.gateway.forward.RepeatedWarning;
import dev.tidemill.gateway.mirror.Copies;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.grpc.GrpcListener;
import dev.tidemill.grpc.GrpcTls;
import dev.tidemill.grpc.Health;
import dev.tidemill.http.AccessLines;
import dev.tidemill.http.AccessLog;
import dev.tidemill.http.FailureLog;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.tracing.Tracing;
import dev.tidemill.routing.RetryBudget;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The gateway's gRPC listener. A virtual thread serves each call.
///
/// Life: [#start()], [#finish] once the readiness has turned to draining, [#close()].
public final class GrpcEdge implements AutoCloseable {
    /// How often we ask clients with open calls.
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(1);

    private final Listening listening;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Channels channels;
    private final MessageMemory memory;
    private final Health health;
    private final Server server;

    /// @param port 0 for any free one
    /// @param maxMessageBytes of one message, unpacked, either way
    /// @param memoryBytes of all messages on their way in
    /// @param tls null for plain text
    /// @param servers for calls of our own replicas; null where they speak plainly
    public record Listening(
            String host,
            int port,
            int maxMessageBytes,
            long memoryBytes,
            @Nullable SSLContext tls,
            @Nullable SSLContext servers) {}

    /// Who this is, and what it shares with the HTTP side.
    ///
    /// @param nanos monotonic clock
    /// @param random gives the calling thread's generator
    public record Shared(
            String name,
            String version,
            LiveTable live,
            Admission admission,
            AuditLog audit,
            Copies copies,
            Readiness readiness,
            Metrics metrics,
            Tracing tracing,
            LongSupplier nanos,
            Supplier<? extends RandomGenerator> random) {}

    public GrpcEdge(Listening listening, Shared shared) {
        this.listening = listening;
        this.channels =
                new Channels(listening.maxMessageBytes(), listening.servers(), shared.nanos());
        this.memory =
                new MessageMemory(Math.max(listening.memoryBytes(), listening.maxMessageBytes()));
        GrpcParts parts =
                new GrpcParts(
                        shared.live(),
                        shared.admission(),
                        shared.audit(),
                        shared.copies(),
                        channels,
                        new RetryBudget(RetryBudget.Limits.DEFAULT, shared.nanos().getAsLong()),
                        new Semaphore(GrpcParts.WAITING),
                        shared.metrics(),
                        new RepeatedWarning(System.getLogger(GrpcEdge.class.getName())),
                        new FailureLog(shared.nanos()),
                        new AccessLines(AccessLog.FAILURES, shared.nanos()),
                        RequestId.source(shared.random().get()),
                        shared.nanos(),
                        shared.random());
        List<ServerServiceDefinition> services =
                new Services(
                                parts,
                                OwnCalls.of(shared.name(), shared.version(), shared.readiness()))
                        .all();
        this.health =
                new Health(
                        services.stream()
                                .map(service -> service.getServiceDescriptor().getName())
                                .toList(),
                        shared.readiness());
        NettyServerBuilder builder = builder(shared);
        services.forEach(builder::addService);
        GrpcListener.reflection().forEach(builder::addService);
        this.server = builder.addService(new HealthCalls(health)).build();
    }

    private NettyServerBuilder builder(Shared shared) {
        ConnectionLimit connections = new ConnectionLimit(shared.live());
        NettyServerBuilder builder =
                GrpcListener.builder(
                                new InetSocketAddress(listening.host(), listening.port()),
                                threads,
                                listening.maxMessageBytes(),
                                shared.tracing())
                        .addStreamTracerFactory(memory)
                        .addTransportFilter(connections)
                        .intercept(connections)
                        .keepAliveTime(KEEP_ALIVE.toNanos(), TimeUnit.NANOSECONDS);
        if (listening.tls() != null) {
            builder.sslContext(GrpcTls.listener(listening.tls(), false));
        }
        return builder;
    }

    /// @throws TidemillException `CONFLICT` when the address cannot be bound
    public void start() {
        try {
            server.start();
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.CONFLICT,
                    "grpc: '%s:%d' (expected: an address of this machine and a free port)"
                            .formatted(listening.host(), listening.port()),
                    e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /// Bytes of messages that are on their way in.
    public long heldBytes() {
        return memory.held();
    }

    /// Takes no new calls, and waits up to `limit` for those that have begun.
    ///
    /// @return whether nothing was cut off
    public boolean finish(Duration limit) throws InterruptedException {
        server.shutdown();
        health.end();
        return server.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        server.shutdownNow();
        threads.shutdownNow();
        channels.close();
    }
}
