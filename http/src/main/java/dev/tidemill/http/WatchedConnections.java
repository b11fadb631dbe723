package dev.tidemill.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/// Puts a [ClientConnection] between the server and each client's socket.
record WatchedConnections(ServerConnectionSelector http) implements ServerConnectionSelector {
    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData begin) {
        return http.supports(begin);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        ClientConnection client = new ClientConnection(context.remotePeer(), context.dataReader());
        return http.connection(new Watched(context, client, DataReader.create(client::pull)));
    }

    private record Watched(ConnectionContext own, ClientConnection client, DataReader reader)
            implements ConnectionContext {
        @Override
        public DataReader dataReader() {
            return reader;
        }

        @Override
        public PeerInfo remotePeer() {
            return client;
        }

        @Override
        public ListenerContext listenerContext() {
            return own.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return own.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return own.dataWriter();
        }

        @Override
        public Router router() {
            return own.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return own.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return own.serverSocket();
        }

        @Override
        public PeerInfo localPeer() {
            return own.localPeer();
        }

        @Override
        public boolean isSecure() {
            return own.isSecure();
        }

        @Override
        public String socketId() {
            return own.socketId();
        }

        @Override
        public String childSocketId() {
            return own.childSocketId();
        }
    }
}
