package dev.tidemill.gateway.upstream;

import dev.tidemill.http.PeriodicLook;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Ends connections to replicas whose request is out of time, and begins to watch the clients of
/// those that take long, by looking at all of them now and then. A read with a timeout of its own
/// would set and cancel a timer for every request, which costs a fifth of the gateway's processor
/// time.
public final class ConnectionWatch implements AutoCloseable {
    /// How late a timeout may be.
    static final long PERIOD_NANOS = 20_000_000;

    private final Set<UpstreamConnection> open = ConcurrentHashMap.newKeySet();
    private final LongSupplier nanos;
    private final PeriodicLook looks;

    /// @param nanos monotonic clock
    public ConnectionWatch(LongSupplier nanos) {
        this.nanos = nanos;
        this.looks = new PeriodicLook("upstream-watch", PERIOD_NANOS, this::look);
    }

    public void start() {
        looks.start();
    }

    @Override
    public void close() {
        looks.close();
    }

    long now() {
        return nanos.getAsLong();
    }

    void add(UpstreamConnection connection) {
        open.add(connection);
    }

    void remove(UpstreamConnection connection) {
        open.remove(connection);
    }

    private void look() {
        long now = nanos.getAsLong();
        for (UpstreamConnection connection : open) {
            connection.look(now);
        }
    }
}
