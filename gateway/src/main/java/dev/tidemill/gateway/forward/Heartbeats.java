package dev.tidemill.gateway.forward;

import dev.tidemill.http.PeriodicLook;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Looks at all open streams of events now and then, and breaks the silence of those that have been
/// silent too long: proxies end such connections, mostly after a minute.
public final class Heartbeats implements AutoCloseable {
    private static final long PERIOD_NANOS = 100_000_000;

    private final Set<EventOut> open = ConcurrentHashMap.newKeySet();
    private final LongSupplier nanos;
    private final PeriodicLook looks;

    /// @param nanos monotonic clock
    public Heartbeats(LongSupplier nanos) {
        this.nanos = nanos;
        this.looks = new PeriodicLook("heartbeats", PERIOD_NANOS, this::look);
    }

    public void start() {
        looks.start();
    }

    @Override
    public void close() {
        looks.close();
    }

    void add(EventOut out) {
        open.add(out);
    }

    void remove(EventOut out) {
        open.remove(out);
    }

    private void look() {
        long now = nanos.getAsLong();
        for (EventOut out : open) {
            if (out.isDue(now)) {
                // One client that does not read must not keep the others waiting.
                Thread.ofVirtual().name("heartbeat").start(out::beat);
            }
        }
    }
}
