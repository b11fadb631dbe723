package dev.tidemill.gateway.forward;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Looks at all open streams of events now and then, and breaks the silence of those that have been
/// silent too long: proxies end such connections, mostly after a minute.
public final class Heartbeats implements AutoCloseable {
    private static final long PERIOD_NANOS = 100_000_000;

    private final Set<EventOut> open = ConcurrentHashMap.newKeySet();
    private final LongSupplier nanos;
    private final Thread thread;
    private volatile boolean closed;

    /// @param nanos monotonic clock
    public Heartbeats(LongSupplier nanos) {
        this.nanos = nanos;
        this.thread = Thread.ofVirtual().name("heartbeats").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    void add(EventOut out) {
        open.add(out);
    }

    void remove(EventOut out) {
        open.remove(out);
    }

    private void run() {
        while (!closed) {
            long now = nanos.getAsLong();
            for (EventOut out : open) {
                if (out.isDue(now)) {
                    // One client that does not read must not keep the others waiting.
                    Thread.ofVirtual().name("heartbeat").start(out::beat);
                }
            }
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }
}
