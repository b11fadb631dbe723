package dev.tidemill.http;

import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Ends connections whose request headers come too slowly: a client that sends one now and then
/// would hold its connection for days. One thread looks at all of them now and then; connections
/// that never begin a request are ended by the server's own idle limit.
final class HeadWatch implements Http1ConnectionListener, AutoCloseable {
    private final long limitNanos;
    private final LongSupplier nanos;
    private final Map<ConnectionContext, Head> open = new ConcurrentHashMap<>();
    private final PeriodicLook looks;

    /// @param limit from the request line to the end of the headers
    /// @param nanos monotonic clock
    HeadWatch(Duration limit, LongSupplier nanos) {
        this.limitNanos = limit.toNanos();
        this.nanos = nanos;
        this.looks = PeriodicLook.within("head-watch", limitNanos, this::look);
        looks.start();
    }

    @Override
    public void prologue(ConnectionContext connection, HttpPrologue line) {
        open.put(connection, new Head(Thread.currentThread(), nanos.getAsLong() + limitNanos));
    }

    /// @throws CloseConnectionException when they came too late
    @Override
    public void headers(ConnectionContext connection, Headers headers) {
        if (open.remove(connection) == null) {
            throw new CloseConnectionException("the headers came too slowly");
        }
    }

    @Override
    public void close() {
        looks.close();
    }

    private void look() {
        long now = nanos.getAsLong();
        // Also those whose connection ended otherwise: nobody said so.
        open.forEach((connection, head) -> {
            if (now - head.until() > 0 && open.remove(connection, head)) {
                // Closes the connection, which the thread serves and nothing else.
                head.reader().interrupt();
            }
        });
    }

    private record Head(Thread reader, long until) {}
}
