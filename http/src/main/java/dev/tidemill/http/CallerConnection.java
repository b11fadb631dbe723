package dev.tidemill.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// A connection whose client can be watched: it reads through a [Caller], which its thread has at
/// hand.
final class CallerConnection implements ServerConnection, InterruptableTask<Void> {
    private final ServerConnection connection;
    private final Caller caller;
    private final List<StallWatch.Side> sides;
    private final ConnectionContext context;
    private final Doorway doorway;

    private CallerConnection(
            ServerConnection connection,
            Caller caller,
            List<StallWatch.Side> sides,
            ConnectionContext context,
            Doorway doorway) {
        this.connection = connection;
        this.caller = caller;
        this.sides = sides;
        this.context = context;
        this.doorway = doorway;
    }

    /// The same protocol on such connections.
    static ServerConnectionSelector selector(
            ServerConnectionSelector protocol, StallWatch stalls, Doorway doorway) {
        return new Selector(protocol, stalls, doorway);
    }

    /// @param clients null: they may have any number of connections
    /// @param refusal what a client hears that has too many
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Doorway(@Nullable ClientConnections clients, byte[] refusal) {}

    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            enter(limit);
        } finally {
            sides.forEach(StallWatch.Side::close);
        }
    }

    private void enter(Limit limit) throws InterruptedException {
        ClientConnections clients = doorway.clients();
        if (clients == null
                || !(context.remotePeer().address() instanceof InetSocketAddress socket)) {
            serve(limit);
        } else if (clients.open(socket.getAddress())) {
            try {
                serve(limit);
            } finally {
                clients.close(socket.getAddress());
            }
        } else {
            context.dataWriter().writeNow(BufferData.create(doorway.refusal()));
        }
    }

    private void serve(Limit limit) throws InterruptedException {
        ScopedValue.where(Caller.CURRENT, caller)
                .<Void, InterruptedException>call(() -> {
                    connection.handle(limit);
                    return null;
                });
    }

    @Override
    public Duration idleTime() {
        return connection.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        connection.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
        return connection instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    private record Selector(ServerConnectionSelector protocol, StallWatch stalls, Doorway doorway)
            implements ServerConnectionSelector {
        @Override
        public int bytesToIdentifyConnection() {
            return protocol.bytesToIdentifyConnection();
        }

        @Override
        public Support supports(BufferData data) {
            return protocol.supports(data);
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return protocol.supportedApplicationProtocols();
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            DataReader had = context.dataReader();
            int early = had.available();
            StallWatch.Side taking = stalls.add();
            StallWatch.Side sending = stalls.add();
            JoiningWriter writer = new JoiningWriter(context.dataWriter(), taking);
            Caller caller =
                    new Caller(
                            context.serverSocket(),
                            writer,
                            sending,
                            early == 0 ? null : had.readBytes(early));
            return new CallerConnection(
                    protocol.connection(new Context(context, new RenewedReader(caller), writer)),
                    caller,
                    List.of(taking, sending),
                    context,
                    doorway);
        }
    }

    /// The same connection with another reader and writer.
    private record Context(ConnectionContext context, DataReader dataReader, DataWriter dataWriter)
            implements ConnectionContext {
        @Override
        public ListenerContext listenerContext() {
            return context.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return context.executor();
        }

        @Override
        public Router router() {
            return context.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return context.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return context.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return context.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return context.localPeer();
        }

        @Override
        public boolean isSecure() {
            return context.isSecure();
        }

        @Override
        public String socketId() {
            return context.socketId();
        }

        @Override
        public String childSocketId() {
            return context.childSocketId();
        }
    }
}
