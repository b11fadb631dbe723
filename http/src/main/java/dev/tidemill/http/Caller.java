package dev.tidemill.http;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The client at the other end of a connection, for those who wait long on its behalf. Nobody reads
/// from a connection while its request is worked on, so that a client that leaves goes unnoticed.
/// Whoever wants to know has a thread read ahead; what comes, the next request for instance, is
/// kept for the connection's own thread. Requests that nobody watches do without.
///
/// A client that closes its sending half while it waits counts as one that left, as in Go's server:
/// the two look the same.
public final class Caller implements Supplier<byte @Nullable []> {
    /// Of the connection that this thread serves.
    public static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

    private enum Reading {
        NOBODY,
        CONNECTION,
        AHEAD
    }

    private final HelidonSocket socket;
    private final JoiningWriter writer;
    private final StallWatch.Side sending;
    private final AtomicReference<Reading> reading = new AtomicReference<>(Reading.NOBODY);
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> watchers = new ArrayList<>();
    private byte @Nullable [] early;
    private volatile @Nullable FutureTask<byte @Nullable []> ahead;
    private boolean gone;
    private boolean inBody;

    /// @param early what was read before; null for nothing
    /// @param sending watches over the client's sending of bodies
    Caller(
            HelidonSocket socket,
            JoiningWriter writer,
            StallWatch.Side sending,
            byte @Nullable [] early) {
        this.socket = socket;
        this.writer = writer;
        this.sending = sending;
        this.early = early;
    }

    /// Has `left` run once when the client leaves while the request is worked on, on some thread;
    /// at once if it has left already. Not at all once it has sent its next request.
    ///
    /// @return ends with the request, unless it is closed before
    public Watch watch(Runnable left) {
        lock.lock();
        try {
            if (!gone) {
                if (isReadAhead()) {
                    watchers.add(left);
                }
                return () -> unwatch(left);
            }
        } finally {
            lock.unlock();
        }
        left.run();
        return () -> {};
    }

    /// A body is read from here on, which must come; or no more.
    void inBody(boolean begun) {
        inBody = begun;
    }

    private byte @Nullable [] readInTime() {
        sending.begin();
        try {
            return read();
        } finally {
            sending.end();
        }
    }

    JoiningWriter writer() {
        return writer;
    }

    private void unwatch(Runnable left) {
        lock.lock();
        try {
            watchers.remove(left);
        } finally {
            lock.unlock();
        }
    }

    /// Reads for the connection's own thread.
    ///
    /// @return null at the end
    @Override
    public byte @Nullable [] get() {
        byte[] first = early;
        if (first != null) {
            early = null;
            return first;
        }
        // Nobody waits for a request that is over or not whole yet: who watches now comes too late.
        boolean mine = reading.compareAndSet(Reading.NOBODY, Reading.CONNECTION);
        try {
            return mine ? (inBody ? readInTime() : read()) : wasRead();
        } finally {
            reading.set(Reading.NOBODY);
        }
    }

    /// With the lock held.
    ///
    /// @return false when the connection's own thread reads, since the request is over
    private boolean isReadAhead() {
        if (reading.get() == Reading.AHEAD) {
            return true;
        }
        FutureTask<byte @Nullable []> task = new FutureTask<>(this::readAndTell);
        ahead = task;
        boolean begun = reading.compareAndSet(Reading.NOBODY, Reading.AHEAD);
        if (begun) {
            Thread.ofVirtual().name("reads-ahead").start(task);
        }
        return begun;
    }

    private byte @Nullable [] readAndTell() {
        byte[] bytes = null;
        try {
            bytes = read();
            return bytes;
        } finally {
            if (bytes == null) {
                tell();
            }
        }
    }

    private void tell() {
        List<Runnable> told;
        lock.lock();
        try {
            gone = true;
            told = List.copyOf(watchers);
            watchers.clear();
        } finally {
            lock.unlock();
        }
        told.forEach(Runnable::run);
    }

    private byte @Nullable [] wasRead() {
        FutureTask<byte @Nullable []> task = ahead;
        if (task == null) {
            throw new IllegalStateException("nobody reads ahead");
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerConnectionException("the server stops", e);
        } finally {
            forget();
        }
    }

    /// Those who watched, watched for a request that is over.
    private void forget() {
        lock.lock();
        try {
            watchers.clear();
        } finally {
            lock.unlock();
        }
    }

    private byte @Nullable [] read() {
        try {
            return socket.get();
        } catch (UncheckedIOException e) {
            throw new ServerConnectionException("the connection cannot be read from", e);
        }
    }

    /// Somebody who wants to know. Closing it takes back the question; what is being told at that
    /// moment is told.
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
