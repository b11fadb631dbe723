package dev.tidemill.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// A line to a server that can be slow, and be cut.
public final class TroubledLine implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile long delayNanos;
    private volatile boolean cut;

    private TroubledLine(ServerSocket listening, int target) {
        this.listening = listening;
        this.target = target;
    }

    /// @param target a port of this machine
    public static TroubledLine to(int target) throws IOException {
        TroubledLine line =
                new TroubledLine(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
        Thread.ofVirtual().start(line::accept);
        return line;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /// How late what the server says arrives.
    public void slow(Duration delay) {
        delayNanos = delay.toNanos();
    }

    /// Ends every connection; new ones end at once until it is mended.
    public void cut() {
        cut = true;
        sockets.forEach(TroubledLine::end);
    }

    public void mend() {
        cut = false;
    }

    @Override
    public void close() {
        cut();
        end(listening);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                if (cut) {
                    end(client);
                    continue;
                }
                join(client);
            } catch (IOException e) {
                // The next one may do better.
            }
        }
    }

    private void join(Socket client) {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            end(client);
            return;
        }
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> pass(client, server, false));
        Thread.ofVirtual().start(() -> pass(server, client, true));
    }

    private void pass(Socket from, Socket to, boolean slowly) {
        byte[] bytes = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                long until = System.nanoTime() + (slowly ? delayNanos : 0);
                for (long left = until - System.nanoTime();
                        left > 0;
                        left = until - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                out.write(bytes, 0, n);
            }
        } catch (IOException e) {
            // Cut.
        } finally {
            end(from);
            end(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void end(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // It has ended.
        }
    }
}
