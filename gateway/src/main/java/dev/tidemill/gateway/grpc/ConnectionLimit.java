package dev.tidemill.gateway.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.http.ClientConnections;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// `connectionsPerClient`: gRPC has no way to turn a connection away, so calls over those that are
/// too many are refused, whatever they ask for.
final class ConnectionLimit extends ServerTransportFilter implements ServerInterceptor {
    /// The client whose connection it is, of those that count.
    private static final Attributes.Key<InetAddress> COUNTED =
            Attributes.Key.create("tidemill-counted");

    private static final Attributes.Key<Boolean> TOO_MANY =
            Attributes.Key.create("tidemill-too-many");

    private final ClientConnections connections;

    ConnectionLimit(LiveTable live) {
        this.connections =
                new ClientConnections(
                        (client, open) -> live.current().access().mayConnect(client, open));
    }

    @Override
    public Attributes transportReady(Attributes transport) {
        InetAddress client = client(transport);
        if (client == null) {
            return transport;
        }
        return connections.open(client)
                ? transport.toBuilder().set(COUNTED, client).build()
                : transport.toBuilder().set(TOO_MANY, true).build();
    }

    @Override
    public void transportTerminated(@Nullable Attributes transport) {
        InetAddress client = transport == null ? null : transport.get(COUNTED);
        if (client != null) {
            connections.close(client);
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (call.getAttributes().get(TOO_MANY) == null) {
            return next.startCall(call, headers);
        }
        call.close(
                Trailers.status(
                        new TidemillException(
                                ErrorCode.RATE_LIMITED,
                                "connections: 'too many' (expected: fewer from one address)")),
                new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static @Nullable InetAddress client(Attributes transport) {
        return transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address
                ? address.getAddress()
                : null;
    }
}
