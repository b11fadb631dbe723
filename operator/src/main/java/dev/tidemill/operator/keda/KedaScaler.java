package dev.tidemill.operator.keda;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.grpc.GrpcListener;
import dev.tidemill.http.tracing.Tracing;
import dev.tidemill.operator.scale.Readings;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The scaler on a port of this process.
public final class KedaScaler implements AutoCloseable {
    private static final int MAX_MESSAGE = 1 << 16;
    private static final int END_SECONDS = 2;

    private final String host;
    private final int port;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ExternalScalerService service;
    private final Server server;

    /// @param port 0 for any free one
    /// @param readings what is answered with
    public KedaScaler(String host, int port, Readings readings, InstantSource clock) {
        this.host = host;
        this.port = port;
        this.service = new ExternalScalerService(new ScalerAnswers(readings, clock));
        NettyServerBuilder builder =
                GrpcListener.builder(
                                new InetSocketAddress(host, port),
                                threads,
                                MAX_MESSAGE,
                                Tracing.OFF)
                        .addService(service);
        GrpcListener.reflection().forEach(builder::addService);
        this.server = builder.build();
    }

    /// @return the port
    /// @throws TidemillException `CONFLICT` when the address cannot be bound
    public int start() {
        try {
            return server.start().getPort();
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.CONFLICT,
                    "keda: '%s:%d' (expected: an address of this machine and a free port)"
                            .formatted(host, port),
                    e);
        }
    }

    @Override
    public void close() {
        service.end();
        server.shutdownNow();
        try {
            // Calls that are cut off still tell their threads.
            var _ = server.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.close();
    }
}
