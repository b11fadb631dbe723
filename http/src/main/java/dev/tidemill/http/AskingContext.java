package dev.tidemill.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// A context whose sockets ask clients for a certificate. The server below sets that up for sockets
/// over channels only, and ours are the others (see [HttpEdge]).
final class AskingContext extends SSLContext {
    /// @param needed whether those are refused who show none
    AskingContext(SSLContext context, boolean needed) {
        super(new Spi(context, needed), context.getProvider(), context.getProtocol());
    }

    private static final class Spi extends SSLContextSpi {
        private final SSLContext context;
        private final SSLSocketFactory sockets;

        Spi(SSLContext context, boolean needed) {
            this.context = context;
            this.sockets = new Sockets(context.getSocketFactory(), needed);
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return sockets;
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys,
                TrustManager @Nullable [] trust,
                @Nullable SecureRandom random) {
            throw new UnsupportedOperationException("it is set up already");
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return context.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return context.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return context.createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }
    }

    /// Only sockets that were accepted are made.
    private static final class Sockets extends SSLSocketFactory {
        private final SSLSocketFactory plain;
        private final boolean needed;

        Sockets(SSLSocketFactory plain, boolean needed) {
            this.plain = plain;
            this.needed = needed;
        }

        @Override
        public Socket createSocket(
                Socket accepted, @Nullable InputStream consumed, boolean closesToo)
                throws IOException {
            SSLSocket socket = (SSLSocket) plain.createSocket(accepted, consumed, closesToo);
            if (needed) {
                socket.setNeedClientAuth(true);
            } else {
                socket.setWantClientAuth(true);
            }
            return socket;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return plain.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return plain.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(Socket socket, String host, int port, boolean closesToo) {
            throw new UnsupportedOperationException("for listeners only");
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("for listeners only");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException("for listeners only");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException("for listeners only");
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
            throw new UnsupportedOperationException("for listeners only");
        }
    }
}
