package dev.tidemill.server.protocol.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.grpc.GrpcListener;
import dev.tidemill.grpc.GrpcTls;
import dev.tidemill.grpc.Health;
import dev.tidemill.http.FailureLog;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.RequestId;
import dev.tidemill.http.tracing.Tracing;
import io.grpc.Server;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The gRPC server of a process: every service on every port, health and reflection among them. A
/// virtual thread serves each call.
///
/// Life: [#start()], [#finish] once the readiness has turned to draining and who routes to us had
/// time to notice, [#close()].
public final class GrpcEdge implements AutoCloseable {
    private final Settings settings;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Health health;
    private final Server server;
    private final Intakes intakes;

    /// @param ports 0 for any free one
    /// @param maxMessageBytes of one request, unpacked
    /// @param callers who may call, by their certificates; null for plain text
    public record Settings(
            String host, List<Integer> ports, int maxMessageBytes, @Nullable SSLContext callers) {
        public Settings {
            ports = List.copyOf(ports);
        }
    }

    /// @param readiness what the health service looks at
    /// @param metrics gets the histogram of the calls
    /// @param intakes bounds messages on their way in; closed with the edge
    /// @param tracing where the spans of calls go
    /// @param nanos monotonic clock
    public GrpcEdge(
            Settings settings,
            List<GrpcService> services,
            Readiness readiness,
            Metrics metrics,
            Intakes intakes,
            Tracing tracing,
            LongSupplier nanos) {
        this.settings = settings;
        this.intakes = intakes;
        Calls.Factory calls =
                new Calls.Factory(
                        metrics,
                        new FailureLog(nanos),
                        RequestId.source(new SplittableRandom()),
                        nanos);
        List<SocketAddress> addresses = new ArrayList<>();
        settings.ports()
                .forEach(port -> addresses.add(new InetSocketAddress(settings.host(), port)));
        NettyServerBuilder builder =
                GrpcListener.builder(
                                addresses.removeFirst(),
                                threads,
                                settings.maxMessageBytes(),
                                tracing)
                        .addStreamTracerFactory(intakes);
        addresses.forEach(builder::addListenAddress);
        if (settings.callers() != null) {
            builder.sslContext(GrpcTls.listener(settings.callers(), true));
        }
        List<String> names = new ArrayList<>();
        for (GrpcService service : services) {
            builder.addService(service.build(calls));
            names.add(service.name());
        }
        this.health = new Health(List.copyOf(names), readiness);
        builder.addService(service(health).build(calls));
        GrpcListener.reflection().forEach(service -> builder.addService(Checked.of(service)));
        this.server = builder.build();
    }

    /// Binds every port.
    ///
    /// @throws TidemillException `CONFLICT` when one cannot be bound
    public void start() {
        try {
            server.start();
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.CONFLICT,
                    "grpc: '%s:%s' (expected: an address of this machine and free ports)"
                            .formatted(settings.host(), settings.ports()),
                    e);
        }
    }

    /// The ports that are bound, in the order of the settings.
    public List<Integer> ports() {
        return server.getListenSockets().stream()
                .map(address -> ((InetSocketAddress) address).getPort())
                .toList();
    }

    /// Takes no new calls, and waits up to `limit` for those that have begun.
    ///
    /// @return whether nothing was cut off
    public boolean finish(Duration limit) throws InterruptedException {
        server.shutdown();
        health.end();
        boolean finished = server.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
        close();
        return finished;
    }

    @Override
    public void close() {
        server.shutdownNow();
        threads.shutdownNow();
        intakes.close();
    }

    private static GrpcService service(Health health) {
        return GrpcService.of(HealthGrpc.getServiceDescriptor())
                .unary(HealthGrpc.getCheckMethod(), (request, _) -> health.check(request))
                .streaming(
                        HealthGrpc.getWatchMethod(),
                        (request, arrival, answers) ->
                                health.watch(request, arrival::cancelled, answers));
    }
}
