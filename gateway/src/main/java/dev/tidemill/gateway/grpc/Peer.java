package dev.tidemill.gateway.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.routing.Candidate;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A replica as those who speak gRPC with it know it: its connection, and what it is answering for
/// us over that. A connection that could not be made is thrown away with what gRPC remembers of it,
/// so that the next attempt is a real one; the name is resolved anew with each. Thread-safe.
final class Peer {
    private final Replica replica;
    private final int maxMessageBytes;
    private final LongSupplier nanos;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Object lock = new Object();
    private volatile long ejectedUntilNanos;

    @GuardedBy("lock")
    private @Nullable ManagedChannel channel;

    Peer(Replica replica, int maxMessageBytes, LongSupplier nanos) {
        this.replica = replica;
        this.maxMessageBytes = maxMessageBytes;
        this.nanos = nanos;
        this.ejectedUntilNanos = nanos.getAsLong();
    }

    String id() {
        return replica.id();
    }

    /// What picking needs to know of it now: whoever counts, it is one machine.
    Candidate candidate() {
        Candidate http = replica.candidate();
        long until = ejectedUntilNanos;
        return new Candidate(
                http.id(),
                http.inFlight() + inFlight.get(),
                http.ejectedUntilNanos() - until > 0 ? http.ejectedUntilNanos() : until);
    }

    void begin() {
        inFlight.incrementAndGet();
    }

    void end() {
        inFlight.decrementAndGet();
    }

    /// @throws IOException when its name leads nowhere, or where it may not
    ManagedChannel channel() throws IOException {
        synchronized (lock) {
            if (channel == null) {
                channel = open();
            }
            return channel;
        }
    }

    /// It could not be reached.
    void avoid(@Nullable ManagedChannel failed) {
        ejectedUntilNanos = nanos.getAsLong() + Replica.EJECTION_NANOS;
        synchronized (lock) {
            if (failed != null && failed.equals(channel)) {
                channel = null;
            }
        }
        if (failed != null) {
            failed.shutdown();
        }
    }

    /// Ends the connection when its calls have ended.
    void retire() {
        synchronized (lock) {
            if (channel != null) {
                channel.shutdown();
            }
        }
    }

    void close() {
        synchronized (lock) {
            if (channel != null) {
                channel.shutdownNow();
            }
        }
    }

    private ManagedChannel open() throws IOException {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(replica.grpcAddress())
                        .overrideAuthority(authority())
                        .maxInboundMessageSize(maxMessageBytes)
                        .directExecutor()
                        .decompressorRegistry(Deflate.decompressors())
                        .disableRetry();
        if (replica.isSecure()) {
            builder.sslContext(
                    GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                            .build());
        } else {
            builder.usePlaintext();
        }
        return builder.build();
    }

    private String authority() {
        return replica.url().getHost() + ":" + replica.grpcPort();
    }
}
