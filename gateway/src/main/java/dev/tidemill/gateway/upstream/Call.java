package dev.tidemill.gateway.upstream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.http.Caller;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One client's request, over all its attempts: how long it may take, and whether anybody still
/// waits for it. When the client leaves, the connection that works for it is closed, whatever it is
/// waiting for.
///
/// Watching a client costs a thread, so it begins when a request has taken a little while:
/// [ConnectionWatch] sees to that.
public final class Call implements AutoCloseable {
    private final @Nullable Caller client;

    /// Of which this is one of several attempts at a time.
    private final @Nullable Call trunk;

    private final Object lock = new Object();
    private final long deadlineNanos;

    @GuardedBy("lock")
    private long firstByteNanos;

    @GuardedBy("lock")
    private long idleNanos;

    @GuardedBy("lock")
    private boolean watched;

    @GuardedBy("lock")
    private Caller.@Nullable Watch watch;

    @GuardedBy("lock")
    private UpstreamConnection.@Nullable Turn working;

    @GuardedBy("lock")
    private @Nullable Runnable whenGone;

    @GuardedBy("lock")
    private final List<Call> branches = new ArrayList<>(0);

    @GuardedBy("lock")
    private boolean ended;

    private volatile boolean left;

    /// @param client null when nobody can leave, as in tests
    /// @param deadlineNanos when the request's time is over
    public Call(@Nullable Caller client, long deadlineNanos) {
        this.client = client;
        this.trunk = null;
        this.deadlineNanos = deadlineNanos;
        this.firstByteNanos = Long.MAX_VALUE;
        this.idleNanos = Long.MAX_VALUE;
    }

    private Call(Call trunk, long deadlineNanos, long firstByteNanos, long idleNanos) {
        this.client = null;
        this.trunk = trunk;
        this.deadlineNanos = deadlineNanos;
        this.firstByteNanos = firstByteNanos;
        this.idleNanos = idleNanos;
    }

    /// For one of several attempts at a time: what ends this one ends it too, and [#leave()] ends
    /// it alone.
    public Call branch() {
        Call branch;
        synchronized (lock) {
            branch = new Call(this, deadlineNanos, firstByteNanos, idleNanos);
            branches.add(branch);
        }
        if (left) {
            branch.leave();
        }
        return branch;
    }

    /// For the client of the connection that this thread serves.
    public static Call ofCaller(long deadlineNanos) {
        return new Call(Caller.CURRENT.get(), deadlineNanos);
    }

    /// How long the next upstream may take to begin its answer, and to pause within it.
    public void patience(long firstByte, long idle) {
        synchronized (lock) {
            firstByteNanos = firstByte;
            idleNanos = idle;
            branches.forEach(branch -> branch.patience(firstByte, idle));
        }
    }

    public long deadlineNanos() {
        return deadlineNanos;
    }

    /// Whether nobody waits for an answer any more.
    public boolean hasLeft() {
        return left;
    }

    /// Begins to look whether the client leaves; more than once is harmless.
    public void watchClient() {
        if (trunk != null) {
            trunk.watchClient();
            return;
        }
        synchronized (lock) {
            if (watched || ended) {
                return;
            }
            watched = true;
        }
        if (client == null) {
            return;
        }
        // One that has left already is told here and now, so not with the lock held.
        Caller.Watch begun = client.watch(this::leave);
        synchronized (lock) {
            if (!ended) {
                watch = begun;
                return;
            }
        }
        begun.close();
    }

    /// What else to do when the client leaves: to wake the thread that waits.
    public void whenGone(@Nullable Runnable action) {
        synchronized (lock) {
            whenGone = action;
        }
    }

    /// When an answer must have begun.
    long firstByteDeadline(long nowNanos) {
        synchronized (lock) {
            return earlier(nowNanos, firstByteNanos);
        }
    }

    /// When its next piece must have come.
    long pieceDeadline(long nowNanos) {
        synchronized (lock) {
            return earlier(nowNanos, idleNanos);
        }
    }

    /// A connection begins to work for this request.
    void begin(UpstreamConnection.Turn turn) {
        synchronized (lock) {
            working = turn;
        }
        if (left) {
            turn.abandon();
        }
    }

    void end() {
        synchronized (lock) {
            working = null;
        }
    }

    @Override
    public void close() {
        Caller.Watch open;
        synchronized (lock) {
            ended = true;
            open = watch;
            whenGone = null;
        }
        if (open != null) {
            open.close();
        }
    }

    /// The client has left: whoever notices it says so here.
    public void leave() {
        UpstreamConnection.Turn turn;
        Runnable action;
        List<Call> all;
        left = true;
        synchronized (lock) {
            turn = working;
            action = whenGone;
            all = List.copyOf(branches);
        }
        all.forEach(Call::leave);
        if (turn != null) {
            turn.abandon();
        }
        if (action != null) {
            action.run();
        }
    }

    private long earlier(long nowNanos, long patienceNanos) {
        return deadlineNanos - nowNanos <= patienceNanos ? deadlineNanos : nowNanos + patienceNanos;
    }
}
