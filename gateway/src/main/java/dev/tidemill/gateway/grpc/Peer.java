package dev.tidemill.gateway.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.gateway.upstream.ReplicaHealth;
import dev.tidemill.grpc.Deflate;
import dev.tidemill.grpc.GrpcTls;
import dev.tidemill.routing.Candidate;
import dev.tidemill.routing.FailureKind;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A replica as those who speak gRPC with it know it: its connection, and what it is answering for
/// us over that. A connection that could not be made is thrown away with what gRPC remembers of it,
/// so that the next attempt is a real one; the name is resolved anew with each. Thread-safe.
final class Peer {
    private final Replica replica;
    private final int maxMessageBytes;
    private final @Nullable SSLContext servers;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final ReplicaHealth health;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable ManagedChannel channel;

    /// @param servers for calls of our own replicas; null where they speak plainly
    Peer(Replica replica, int maxMessageBytes, @Nullable SSLContext servers, LongSupplier nanos) {
        this.replica = replica;
        this.servers = servers;
        this.maxMessageBytes = maxMessageBytes;
        this.health = new ReplicaHealth(replica.outliers(), nanos);
    }

    String id() {
        return replica.id();
    }

    /// What picking needs to know of it now: whoever counts, it is one machine.
    Candidate candidate() {
        Candidate http = replica.candidate();
        long until = health.ejectedUntilNanos();
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

    /// It answered.
    void answered(Status.Code code) {
        health.learn(Trailers.httpStatus(code));
    }

    /// It did not.
    ///
    /// @param used over which it was asked; null when there was no way to it
    void failed(FailureKind kind, @Nullable ManagedChannel used) {
        if (!Arrival.isClientsOwn(kind)) {
            health.learn(kind);
        }
        if (kind != FailureKind.CONNECT_REFUSED || used == null) {
            return;
        }
        synchronized (lock) {
            if (used.equals(channel)) {
                channel = null;
            }
        }
        used.shutdown();
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
        if (replica.isSecure() && replica.isOurs() && servers != null) {
            builder.sslContext(GrpcTls.calls(servers));
        } else if (replica.isSecure()) {
            builder.sslContext(
                    GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                            .build());
        } else {
            builder.usePlaintext();
        }
        return builder.build();
    }

    /// Where it is, by the name that it was given.
    String authority() {
        return replica.url().getHost() + ":" + replica.grpcPort();
    }
}
