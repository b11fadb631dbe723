package dev.tidemill.grpc;

import dev.tidemill.http.tracing.Tracing;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// What a listener for gRPC is set to, whoever listens.
public final class GrpcListener {
    /// A client with more calls than this at a time waits, or opens a second connection.
    private static final int MAX_CALLS_PER_CONNECTION = 1024;

    /// Clients that ask more often whether we are still there are sent away.
    private static final Duration MIN_KEEP_ALIVE = Duration.ofSeconds(5);

    /// Clients that ask nothing for so long are asked to connect anew when they do: their sockets
    /// and buffers are for others.
    private static final Duration MAX_IDLE = Duration.ofMinutes(10);

    private GrpcListener() {}

    /// A server without services.
    ///
    /// @param threads that serve calls
    /// @param maxMessageBytes of one message, unpacked
    /// @param tracing where the spans of calls go
    public static NettyServerBuilder builder(
            SocketAddress address, Executor threads, int maxMessageBytes, Tracing tracing) {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(address)
                        .executor(threads)
                        .maxInboundMessageSize(maxMessageBytes)
                        .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                        .permitKeepAliveTime(MIN_KEEP_ALIVE.toNanos(), TimeUnit.NANOSECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .maxConnectionIdle(MAX_IDLE.toNanos(), TimeUnit.NANOSECONDS)
                        .compressorRegistry(Deflate.compressors())
                        .decompressorRegistry(Deflate.decompressors());
        if (tracing.isOn()) {
            builder.intercept(new CallTrace(tracing));
        }
        return builder;
    }

    /// Says what a server offers, by the name that the protocol has now and by the one that most
    /// tools still ask for.
    public static List<ServerServiceDefinition> reflection() {
        return List.of(ProtoReflectionServiceV1.newInstance().bindService(), earlierReflection());
    }

    @SuppressWarnings("deprecation") // deprecated in favour of v1, which is offered as well
    private static ServerServiceDefinition earlierReflection() {
        return io.grpc.protobuf.services.ProtoReflectionService.newInstance().bindService();
    }
}
