package dev.tidemill.gateway.upstream;

import dev.tidemill.routing.FailureKind;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One connection to a replica, used by one request at a time.
///
/// Whether a request is out of time is decided once, by a step of [Turn] that the request and the
/// [ConnectionWatch] both want to make: the watch never ends the connection of the next request.
final class UpstreamConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int CONNECT_MILLIS = 1000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Turn IDLE = new Turn(0);
    private static final Turn LATE = new Turn(0);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final ConnectionWatch watch;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final DataReader reader = DataReader.create(this::pull);
    private final AtomicReference<Turn> turn = new AtomicReference<>(IDLE);

    private boolean answered;
    private boolean kept;
    private long idleSinceNanos;

    private UpstreamConnection(Socket socket, ConnectionWatch watch) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.watch = watch;
    }

    /// @throws AttemptFailed `CONNECT_REFUSED`, or `TIMEOUT` when the request's time ended
    ///   meanwhile
    static UpstreamConnection open(
            InetSocketAddress address,
            long deadlineNanos,
            ConnectionWatch watch,
            LongSupplier nanos)
            throws AttemptFailed {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, connectMillis(deadlineNanos - nanos.getAsLong()));
            UpstreamConnection connection = new UpstreamConnection(socket, watch);
            watch.add(connection);
            return connection;
        } catch (IOException e) {
            closeQuietly(socket);
            throw new AttemptFailed(
                    deadlineNanos - nanos.getAsLong() <= 0
                            ? FailureKind.TIMEOUT
                            : FailureKind.CONNECT_REFUSED,
                    e);
        }
    }

    /// Sends a request and reads the head of its answer.
    ///
    /// @throws AttemptFailed with the connection of no further use
    AnswerHead exchange(OutgoingRequest request, long deadlineNanos) throws AttemptFailed {
        turn.set(new Turn(deadlineNanos));
        answered = false;
        IOException unsent = null;
        try {
            request.writeTo(out);
        } catch (IOException e) {
            // It may have answered before it closed, to a body that it did not want.
            unsent = e;
        }
        try {
            return AnswerHead.read(reader);
        } catch (RuntimeException e) {
            throw failed(e, unsent);
        }
    }

    BodyReader body(BodyFraming framing) {
        return new BodyReader(reader, framing);
    }

    /// The next piece of a body of this connection.
    @Nullable BufferData next(BodyReader body) throws AttemptFailed {
        try {
            return body.next();
        } catch (RuntimeException e) {
            throw failed(e, null);
        }
    }

    /// What a failure of the reader means, by how far the answer has come.
    AttemptFailed failed(RuntimeException failure, @Nullable IOException unsent) {
        Throwable cause =
                failure instanceof UncheckedIOException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (unsent != null) {
            cause.addSuppressed(unsent);
        }
        if (LATE.equals(turn.get())) {
            return new AttemptFailed(FailureKind.TIMEOUT, cause);
        }
        if (answered) {
            return new AttemptFailed(FailureKind.CUT_MID_ANSWER_BUFFERED, cause);
        }
        return new AttemptFailed(
                kept ? FailureKind.STALE_CONNECTION : FailureKind.RESET_BEFORE_ANSWER, cause);
    }

    /// Called by the watch.
    void endIfLate(long nowNanos) {
        Turn current = turn.get();
        if (!current.isOver() && current.deadlineNanos - nowNanos <= 0) {
            if (turn.compareAndSet(current, LATE)) {
                closeQuietly(socket);
            }
        }
    }

    /// Ends the request's turn.
    ///
    /// @return false when the watch was faster and the connection is closed
    boolean idle(long nowNanos) {
        kept = true;
        idleSinceNanos = nowNanos;
        return !LATE.equals(turn.getAndSet(IDLE));
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    @Override
    public void close() {
        watch.remove(this);
        closeQuietly(socket);
    }

    private byte @Nullable [] pull() {
        try {
            int read = in.read(buffer);
            if (read < 0) {
                return null;
            }
            answered = true;
            return Arrays.copyOf(buffer, read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int connectMillis(long leftNanos) throws SocketTimeoutException {
        if (leftNanos <= 0) {
            throw new SocketTimeoutException("no time is left");
        }
        return Math.clamp(leftNanos / NANOS_PER_MILLI, 1, CONNECT_MILLIS);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing was lost: whoever closes has what it wanted.
        }
    }

    /// One request's use of the connection; its identity says which request's.
    private static final class Turn {
        private final long deadlineNanos;

        Turn(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        boolean isOver() {
            return equals(IDLE) || equals(LATE);
        }
    }
}
