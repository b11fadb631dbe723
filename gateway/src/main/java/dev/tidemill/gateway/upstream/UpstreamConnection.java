package dev.tidemill.gateway.upstream;

import dev.tidemill.routing.FailureKind;
import io.helidon.common.buffers.BufferData;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One connection to a replica, used by one request at a time.
///
/// Whether a request is out of time, or its client has left, is decided once, by a step of its
/// [Turn] that the request and those who would end it both want to make: nobody ever ends the
/// connection of the next request.
final class UpstreamConnection implements AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Socket socket;
    private final Incoming in;
    private final OutputStream out;
    private final ConnectionWatch watch;
    private @Nullable Turn turn;
    private volatile @Nullable Turn watched;

    /// Whether some of the answer's body was read.
    private boolean begun;

    private boolean kept;
    private long idleSinceNanos;

    /// @param socket what is closed to end it at once
    /// @param stream the same, or what is encrypted over it
    private UpstreamConnection(Socket socket, Socket stream, ConnectionWatch watch)
            throws IOException {
        this.socket = socket;
        this.in = new Incoming(stream.getInputStream());
        this.out = stream.getOutputStream();
        this.watch = watch;
    }

    /// @throws AttemptFailed `CONNECT_REFUSED`, or `TIMEOUT` when the request's time ended
    ///   meanwhile
    static UpstreamConnection open(
            Origin origin, long deadlineNanos, ConnectionWatch watch, LongSupplier nanos)
            throws AttemptFailed {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            int millis = connectMillis(origin, deadlineNanos - nanos.getAsLong());
            socket.connect(origin.address(), millis);
            UpstreamConnection connection =
                    new UpstreamConnection(socket, origin.secured(socket, millis), watch);
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
    AnswerHead exchange(OutgoingRequest request, Call call) throws AttemptFailed {
        long now = watch.now();
        Turn own = new Turn(call, now, call.firstByteDeadline(now), socket);
        turn = own;
        watched = own;
        in.begin();
        begun = false;
        call.begin(own);
        IOException unsent = null;
        try {
            request.writeTo(out);
        } catch (IOException e) {
            // It may have answered before it closed, to a body that it did not want.
            unsent = e;
        }
        try {
            return AnswerHead.read(in);
        } catch (IOException e) {
            throw failed(e, unsent);
        }
    }

    BodyReader body(BodyFraming framing) {
        return new BodyReader(in, framing);
    }

    /// All of a body of a known length.
    byte[] whole(BodyReader body) throws AttemptFailed {
        byte[] whole = body.room();
        try {
            for (int have = 0; have < whole.length; begun = true) {
                extend();
                have = body.fill(whole, have);
            }
            return whole;
        } catch (IOException e) {
            throw failed(e, null);
        }
    }

    /// The next piece of a body of this connection, good until the one after it is asked for.
    @Nullable BufferData next(BodyReader body) throws AttemptFailed {
        extend();
        try {
            BufferData piece = body.next();
            begun = true;
            return piece;
        } catch (IOException e) {
            throw failed(e, null);
        }
    }

    /// A body that has begun may pause for as long between any two of its pieces.
    private void extend() {
        Turn own = turn;
        if (own != null && begun) {
            own.deadlineNanos = own.call.pieceDeadline(watch.now());
        }
    }

    /// What a failure of the reader means, by how far the answer has come.
    AttemptFailed failed(IOException cause, @Nullable IOException unsent) {
        if (unsent != null) {
            cause.addSuppressed(unsent);
        }
        Turn.State state = turn == null ? Turn.State.OPEN : turn.state.get();
        if (state == Turn.State.LATE) {
            return new AttemptFailed(FailureKind.TIMEOUT, cause);
        }
        if (state == Turn.State.ABANDONED) {
            return new AttemptFailed(FailureKind.CLIENT_LEFT, cause);
        }
        if (in.hasHeard()) {
            return new AttemptFailed(FailureKind.CUT_MID_ANSWER_BUFFERED, cause);
        }
        return new AttemptFailed(
                kept ? FailureKind.STALE_CONNECTION : FailureKind.RESET_BEFORE_ANSWER, cause);
    }

    /// Called by the watch.
    void look(long nowNanos) {
        Turn current = watched;
        if (current != null) {
            current.look(nowNanos);
        }
    }

    /// Ends the request's turn.
    ///
    /// @return false when somebody was faster and the connection is closed, or when something came
    ///   that nobody asked for, which the next request would take for its answer
    boolean idle(long nowNanos) {
        kept = true;
        idleSinceNanos = nowNanos;
        Turn own = turn;
        turn = null;
        watched = null;
        return (own == null || own.end()) && in.available() == 0;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    @Override
    public void close() {
        watch.remove(this);
        Turn own = turn;
        if (own != null) {
            own.call.end();
        }
        closeQuietly(socket);
    }

    private static int connectMillis(Origin origin, long leftNanos) throws SocketTimeoutException {
        if (leftNanos <= 0) {
            throw new SocketTimeoutException("no time is left");
        }
        return Math.clamp(leftNanos / NANOS_PER_MILLI, 1, origin.connectMillis());
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing was lost: whoever closes has what it wanted.
        }
    }

    /// One request's use of the connection; its identity says which request's.
    static final class Turn {
        private enum State {
            OPEN,
            ENDED,
            LATE,
            ABANDONED
        }

        private final Call call;
        private final Socket socket;
        private final long beganNanos;
        private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
        private volatile long deadlineNanos;

        Turn(Call call, long nowNanos, long deadlineNanos, Socket socket) {
            this.call = call;
            this.socket = socket;
            this.beganNanos = nowNanos;
            this.deadlineNanos = deadlineNanos;
        }

        /// Nobody waits for the answer.
        void abandon() {
            if (state.compareAndSet(State.OPEN, State.ABANDONED)) {
                closeQuietly(socket);
            }
        }

        private void look(long nowNanos) {
            if (deadlineNanos - nowNanos <= 0) {
                if (state.compareAndSet(State.OPEN, State.LATE)) {
                    closeQuietly(socket);
                }
            } else if (nowNanos - beganNanos >= ConnectionWatch.PERIOD_NANOS) {
                call.watchClient();
            }
        }

        private boolean end() {
            call.end();
            return state.compareAndSet(State.OPEN, State.ENDED);
        }
    }
}
