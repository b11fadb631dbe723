package dev.tidemill.server.protocol;

import dev.tidemill.http.Bodies;
import dev.tidemill.http.PeriodicLook;
import io.helidon.webserver.CloseConnectionException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Ends requests whose bodies come too slowly, or whose answers are taken too slowly, since each
/// holds a place among those in flight. A body has a fixed time, which runs while nothing comes;
/// what comes gives back as much of it as a slow line would have needed for that. So neither an
/// announced length nor a fast beginning buys time to do nothing in. An answer has that time and
/// what a slow line needs for all of it. One thread looks at all of them now and then: a timer for
/// each would cost every request.
public final class BodyWatch implements AutoCloseable {
    /// Slower lines are taken for stalled.
    static final long BYTES_PER_SECOND = 64 * 1024;

    private static final long SECOND = 1_000_000_000L;

    private final long freeNanos;
    private final LongSupplier nanos;
    private final Set<Transfer> open = ConcurrentHashMap.newKeySet();
    private final LongAdder ended = new LongAdder();
    private final PeriodicLook looks;

    /// @param free time that any body may take
    /// @param nanos monotonic clock
    public BodyWatch(Duration free, LongSupplier nanos) {
        this.freeNanos = free.toNanos();
        this.nanos = nanos;
        this.looks = PeriodicLook.within("body-watch", freeNanos, this::look);
        looks.start();
    }

    /// How many requests were ended.
    public long ended() {
        return ended.sum();
    }

    /// @param read reads the body and asks the budget before each block of it
    /// @throws CloseConnectionException when it took too long
    byte[] reading(Bodies.Budget budget, Function<Bodies.Budget, byte[]> read) {
        Transfer reading = begin(0);
        try {
            return read.apply(bytes -> {
                budget.take(bytes);
                extend(reading, bytes);
            });
        } finally {
            end(reading);
        }
    }

    /// @param bytes of the answer
    /// @throws CloseConnectionException when the client took too long to read it
    void sending(long bytes, Runnable send) {
        Transfer sending = begin(bytes * SECOND / BYTES_PER_SECOND);
        try {
            send.run();
        } catch (RuntimeException e) {
            if (sending.over.get()) {
                throw new CloseConnectionException("the client did not read its answer", e);
            }
            throw e;
        } finally {
            end(sending);
        }
    }

    /// @param more time than the free one, in ns
    private Transfer begin(long more) {
        Transfer transfer =
                new Transfer(Thread.currentThread(), nanos.getAsLong() + freeNanos + more);
        open.add(transfer);
        return transfer;
    }

    private void end(Transfer transfer) {
        open.remove(transfer);
        if (!transfer.over.compareAndSet(false, true)) {
            // The interrupt is on its way or here; nobody else may get it.
            while (!transfer.interrupted) {
                Thread.onSpinWait();
            }
            Thread.interrupted();
        }
    }

    /// A block is asked for when the one before it is there, so the time is that one's. Only the
    /// reader itself sets it.
    private void extend(Transfer reading, long bytes) {
        if (reading.asked > 0) {
            long later = reading.until + reading.asked * SECOND / BYTES_PER_SECOND;
            long most = nanos.getAsLong() + freeNanos;
            reading.until = later - most < 0 ? later : most;
        }
        reading.asked = bytes;
    }

    @Override
    public void close() {
        looks.close();
    }

    private void look() {
        long now = nanos.getAsLong();
        for (Transfer transfer : open) {
            if (now - transfer.until > 0 && transfer.over.compareAndSet(false, true)) {
                ended.increment();
                // Closes the connection that the thread reads from or writes to.
                transfer.thread.interrupt();
                transfer.interrupted = true;
            }
        }
    }

    private static final class Transfer {
        private final Thread thread;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile long until;
        private volatile boolean interrupted;
        private long asked;

        Transfer(Thread thread, long until) {
            this.thread = thread;
            this.until = until;
        }
    }
}
