package dev.tidemill.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Ends connections whose client takes nothing of what is sent to it, or sends nothing of the body
/// that it announced, for too long: each would hold its thread, its answer and an upstream's work
/// for as long as it likes. One thread looks at all of them now and then.
final class StallWatch implements AutoCloseable {
    private final long limitNanos;
    private final LongSupplier nanos;
    private final Set<Side> open = ConcurrentHashMap.newKeySet();
    private final PeriodicLook looks;

    /// @param limit without a single byte
    /// @param nanos monotonic clock
    StallWatch(Duration limit, LongSupplier nanos) {
        this.limitNanos = limit.toNanos();
        this.nanos = nanos;
        this.looks = PeriodicLook.within("stall-watch", limitNanos, this::look);
        looks.start();
    }

    /// One direction of a connection, until it is closed.
    Side add() {
        Side side = new Side();
        open.add(side);
        return side;
    }

    @Override
    public void close() {
        looks.close();
    }

    private void look() {
        long now = nanos.getAsLong();
        for (Side side : open) {
            side.look(now);
        }
    }

    /// What one thread at a time waits for.
    final class Side implements AutoCloseable {
        private final ReentrantLock lock = new ReentrantLock();

        @GuardedBy("lock")
        private @Nullable Thread waiting;

        @GuardedBy("lock")
        private long sinceNanos;

        @GuardedBy("lock")
        private boolean interrupted;

        /// The calling thread begins to wait for the client.
        void begin() {
            long now = nanos.getAsLong();
            lock.lock();
            try {
                waiting = Thread.currentThread();
                sinceNanos = now;
            } finally {
                lock.unlock();
            }
        }

        /// It waits no more. An interruption that came too late for the wait is taken back: the
        /// thread may serve others.
        void end() {
            lock.lock();
            try {
                waiting = null;
                if (interrupted) {
                    interrupted = false;
                    Thread.interrupted();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            open.remove(this);
        }

        private void look(long now) {
            lock.lock();
            try {
                if (waiting != null && now - sinceNanos > limitNanos) {
                    interrupted = true;
                    // Closes the connection, since it is that which the thread waits for.
                    waiting.interrupt();
                    waiting = null;
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
