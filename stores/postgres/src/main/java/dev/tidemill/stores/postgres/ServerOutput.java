package dev.tidemill.stores.postgres;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a PostgreSQL program says: passed on to our log line by line, its end remembered for error
/// messages. A server that goes on after this process was killed writes into a closed pipe, which
/// it ignores.
final class ServerOutput {
    private static final System.Logger LOG = System.getLogger("postgres");
    private static final String READY = "database system is ready to accept connections";
    private static final int REMEMBERED = 15;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Deque<String> last = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean ready;

    @GuardedBy("lock")
    private boolean ended;

    private ServerOutput() {}

    /// Reads until every process that holds the other end is gone.
    static ServerOutput of(InputStream stream) {
        ServerOutput output = new ServerOutput();
        Thread.ofVirtual().name("postgres-output").start(() -> output.read(stream));
        return output;
    }

    /// Blocks until the server takes connections.
    ///
    /// @return false when it ended, or `limit` passed, before it did
    boolean awaitReady(Duration limit) throws InterruptedException {
        synchronized (lock) {
            await(limit, true);
            return ready && !ended;
        }
    }

    /// Blocks until the server, with all of its processes, is gone.
    ///
    /// @return false when `limit` passed before
    boolean awaitEnd(Duration limit) throws InterruptedException {
        synchronized (lock) {
            await(limit, false);
            return ended;
        }
    }

    /// The last lines, for people.
    String lastLines() {
        synchronized (lock) {
            return String.join("\n", last);
        }
    }

    @GuardedBy("lock")
    private void await(Duration limit, boolean orReady) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ended && !(orReady && ready)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            lock.wait(left / 1_000_000 + 1);
        }
    }

    private void read(InputStream stream) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said(line);
            }
        } catch (IOException e) {
            // The pipe broke: as good as its end.
        } finally {
            synchronized (lock) {
                ended = true;
                lock.notifyAll();
            }
        }
    }

    private void said(String line) {
        boolean severe =
                line.startsWith("FATAL:") || line.startsWith("PANIC:") || line.startsWith("ERROR:");
        LOG.log(severe ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG, line);
        synchronized (lock) {
            last.addLast(line);
            if (last.size() > REMEMBERED) {
                last.removeFirst();
            }
            if (line.contains(READY)) {
                ready = true;
                lock.notifyAll();
            }
        }
    }
}
