package dev.tidemill.gateway.forward;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.gateway.upstream.Call;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The client's end of a stream of events: what the request's thread passes on and what
/// [Heartbeats] puts between. Thread-safe.
///
/// The first heartbeat may come before the upstream has said anything. Then the status is 200 for
/// good, and whatever goes wrong afterwards must be told within the stream.
final class EventOut {
    private static final byte[] BEAT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    private final ReentrantLock lock = new ReentrantLock();
    private final ServerResponse response;
    private final Call call;
    private final LongSupplier nanos;
    private final long silenceNanos;
    private final long begunNanos;

    @GuardedBy("lock")
    private @Nullable OutputStream out;

    @GuardedBy("lock")
    private boolean inEvent;

    @GuardedBy("lock")
    private boolean ended;

    private volatile long lastNanos;

    @GuardedBy("lock")
    private long firstNanos = -1;

    /// @param silenceNanos after which it is time for a heartbeat
    EventOut(ServerResponse response, Call call, LongSupplier nanos, long silenceNanos) {
        this.response = response;
        this.call = call;
        this.nanos = nanos;
        this.silenceNanos = silenceNanos;
        this.begunNanos = nanos.getAsLong();
        this.lastNanos = begunNanos;
    }

    /// Until the first event went out; -1 when none has.
    long firstNanos() {
        lock.lock();
        try {
            return firstNanos;
        } finally {
            lock.unlock();
        }
    }

    /// Sends the head of the answer, unless a heartbeat has.
    ///
    /// @param head sets status and headers
    void begin(Runnable head) {
        lock.lock();
        try {
            if (out == null) {
                head.run();
                open();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the time of heartbeats before the head was sent: from now on the request's thread
    /// answers as it likes.
    ///
    /// @return false when a head has been sent
    boolean giveUp() {
        lock.lock();
        try {
            ended = out == null;
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /// @param within whether an event has begun with it and not ended
    /// @throws CloseConnectionException when the client has left
    void write(byte[] bytes, boolean within) {
        lock.lock();
        try {
            inEvent = within;
            send(bytes);
            if (firstNanos < 0 && bytes.length > 0) {
                firstNanos = nanos.getAsLong() - begunNanos;
            }
        } catch (IOException | UncheckedIOException | ServerConnectionException e) {
            throw new CloseConnectionException("the client left", e);
        } finally {
            lock.unlock();
        }
    }

    /// Ends the answer as a whole one.
    void end() {
        lock.lock();
        try {
            ended = true;
            if (out != null) {
                out.close();
            }
        } catch (IOException | UncheckedIOException | ServerConnectionException e) {
            throw new CloseConnectionException("the client left", e);
        } finally {
            lock.unlock();
        }
    }

    boolean isDue(long nowNanos) {
        return nowNanos - lastNanos >= silenceNanos;
    }

    /// Breaks the silence, unless the request's thread is about to.
    void beat() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (!ended && !inEvent && isDue(nanos.getAsLong())) {
                if (out == null) {
                    response.status(200);
                    response.headers().set(HeaderNames.CONTENT_TYPE, "text/event-stream");
                    response.headers().set(HeaderNames.CACHE_CONTROL, "no-cache");
                    open();
                }
                send(BEAT);
            }
        } catch (IOException | UncheckedIOException | ServerConnectionException e) {
            call.leave();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void open() {
        response.headers().set(HeaderValues.TRANSFER_ENCODING_CHUNKED);
        out = response.outputStream();
    }

    @GuardedBy("lock")
    private void send(byte[] bytes) throws IOException {
        OutputStream open = out;
        if (open != null && bytes.length > 0) {
            open.write(bytes);
            open.flush();
            lastNanos = nanos.getAsLong();
        }
    }
}
