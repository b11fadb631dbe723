package dev.tidemill.autoscale;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Reads another source on a thread of its own, so that one that hangs holds up nobody. What it
/// read counts for a while; older than that it is absent.
public final class BackgroundSource implements SignalSource {
    private static final System.Logger LOG = System.getLogger(BackgroundSource.class.getName());

    private final SignalSource inner;
    private final Duration every;
    private final Duration fresh;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Map<String, Measures> last = Map.of();

    @GuardedBy("lock")
    private long readAt;

    @GuardedBy("lock")
    private long askedAt;

    @GuardedBy("lock")
    private boolean asked;

    @GuardedBy("lock")
    private boolean reading;

    /// @param every how often the other is read
    /// @param fresh how long a reading counts
    /// @param nanos a monotonic clock
    public BackgroundSource(
            SignalSource inner, Duration every, Duration fresh, LongSupplier nanos) {
        this.inner = inner;
        this.every = every;
        this.fresh = fresh;
        this.nanos = nanos;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Map<String, Measures> read() {
        long now = nanos.getAsLong();
        lock.lock();
        try {
            if (!reading && (!asked || now - askedAt >= every.toNanos())) {
                reading = true;
                asked = true;
                askedAt = now;
                Thread.ofVirtual().name("source-" + inner.name()).start(() -> ask(now));
            }
            return now - readAt <= fresh.toNanos() ? last : Map.of();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        inner.close();
    }

    /// @param began when it was asked: what comes late is as old as its question
    private void ask(long began) {
        Map<String, Measures> read = Map.of();
        try {
            read = inner.read();
        } catch (RuntimeException e) {
            // Silent, as far as anybody else is concerned.
            LOG.log(System.Logger.Level.DEBUG, inner.name(), e);
        } finally {
            lock.lock();
            try {
                // One that failed leaves what is known, which counts until it is old.
                if (!read.isEmpty()) {
                    last = read;
                    readAt = began;
                }
                reading = false;
            } finally {
                lock.unlock();
            }
        }
    }
}
