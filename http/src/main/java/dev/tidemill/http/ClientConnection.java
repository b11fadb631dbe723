package dev.tidemill.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A client's connection, which a handler can ask to be told when the client leaves.
///
/// While a handler works nobody reads from its client, so nobody sees its end. [#watch] reads
/// ahead, in a thread of its own: what comes is kept for the server, which waits for that read
/// before it reads itself, and an end is told. A client that closes only its sending half counts as
/// gone, as it does for other proxies.
public final class ClientConnection implements PeerInfo {
    private final PeerInfo peer;
    private final DataReader socket;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition read = lock.newCondition();
    private boolean reading;
    private boolean ended;
    private byte @Nullable [] ahead;
    private @Nullable Runnable whenGone;

    ClientConnection(PeerInfo peer, DataReader socket) {
        this.peer = peer;
        this.socket = socket;
    }

    /// The connection that a request came by.
    public static ClientConnection of(ServerRequest request) {
        if (request.remotePeer() instanceof ClientConnection connection) {
            return connection;
        }
        throw new IllegalStateException("the listener was not made by HttpEdge");
    }

    /// Runs `gone` once, in another thread, when the client ends its connection before the watch is
    /// closed. One watch at a time.
    public Watch watch(Runnable gone) {
        lock.lock();
        try {
            whenGone = gone;
            if (ended) {
                Thread.ofVirtual().name("client-gone").start(this::tell);
            } else if (!reading && ahead == null) {
                reading = true;
                Thread.ofVirtual().name("client-watch").start(this::readAhead);
            }
        } finally {
            lock.unlock();
        }
        return this::unwatch;
    }

    /// The server's next bytes; null at the end.
    byte @Nullable [] pull() {
        lock.lock();
        try {
            while (reading) {
                read.await();
            }
            byte[] kept = ahead;
            if (kept != null || ended) {
                ahead = null;
                return kept;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("the server stops", e);
        } finally {
            lock.unlock();
        }
        return read();
    }

    private void readAhead() {
        byte[] bytes = null;
        try {
            bytes = read();
        } catch (RuntimeException e) {
            // A reset is an end, too.
        }
        lock.lock();
        try {
            reading = false;
            ahead = bytes;
            ended = bytes == null;
            read.signalAll();
        } finally {
            lock.unlock();
        }
        if (bytes == null) {
            tell();
        }
    }

    private byte @Nullable [] read() {
        try {
            return socket.readBuffer().readBytes();
        } catch (DataReader.InsufficientDataAvailableException e) {
            return null;
        }
    }

    private void tell() {
        Runnable gone;
        lock.lock();
        try {
            gone = whenGone;
            whenGone = null;
        } finally {
            lock.unlock();
        }
        if (gone != null) {
            gone.run();
        }
    }

    private void unwatch() {
        lock.lock();
        try {
            whenGone = null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SocketAddress address() {
        return peer.address();
    }

    @Override
    public String host() {
        return peer.host();
    }

    @Override
    public int port() {
        return peer.port();
    }

    @Override
    public Optional<Principal> tlsPrincipal() {
        return peer.tlsPrincipal();
    }

    @Override
    public Optional<Certificate[]> tlsCertificates() {
        return peer.tlsCertificates();
    }

    /// Ends with the request.
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
