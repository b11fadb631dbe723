package dev.tidemill.server.batching;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Caller;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.modelconfig.QueuePolicy.TimeoutAction;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One request on its way through the queue. Its own thread waits on it, and may be asked to run
/// the batch that it is in.
final class Waiting implements BatchPlan.Queued, BatchScheduler.Turn {
    private static final long UNSAID = Long.MIN_VALUE;

    final List<Tensor> inputs;
    final int priority;
    final long expires;
    final long deadline;
    final TimeoutAction onExpiry;

    /// Of the request that waits.
    final Span span = Span.current();

    private final int rows;
    private final Object shape;
    private final long since;
    private final Thread thread = Thread.currentThread();

    /// Null where nothing tells whether the client is still there.
    private final @Nullable Caller caller = Caller.CURRENT.isBound() ? Caller.CURRENT.get() : null;

    /// Touched by one thread only.
    private boolean watched;

    /// Set when this thread is to run a batch.
    private volatile @Nullable Batch lead;

    private volatile boolean done;
    private @Nullable List<Tensor> outputs;
    private @Nullable RuntimeException failure;
    private long waited;
    private @Nullable Batch batch;
    private long computed;
    private long ran;
    private long computing = UNSAID;

    /// @param since now
    /// @param expires when it has waited too long; `Long.MAX_VALUE` for never
    Waiting(
            List<Tensor> inputs,
            int rows,
            Object shape,
            int priority,
            long since,
            long expires,
            long deadline,
            TimeoutAction onExpiry) {
        this.inputs = inputs;
        this.rows = rows;
        this.shape = shape;
        this.priority = priority;
        this.since = since;
        this.expires = expires;
        this.deadline = deadline;
        this.onExpiry = onExpiry;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public Object shape() {
        return shape;
    }

    @Override
    public long since() {
        return since;
    }

    /// Whether its answer would come after its deadline.
    ///
    /// @param run how long a run takes
    boolean isLate(long now, long run) {
        return deadline != Long.MAX_VALUE && now + run > deadline;
    }

    /// The first moment after the last look at the queue at which time alone changes what is to be
    /// done; `Long.MAX_VALUE` for none.
    ///
    /// @param maxDelay how long it may wait for company
    long nextLook(long looked, long maxDelay) {
        long next = Long.MAX_VALUE;
        if (maxDelay > 0 && since + maxDelay > looked) {
            next = since + maxDelay;
        }
        if (expires > looked) {
            next = Math.min(next, expires);
        }
        if (deadline > looked) {
            next = Math.min(next, deadline);
        }
        return next;
    }

    boolean hasCaller() {
        return caller != null;
    }

    /// Has the client watched, the first time.
    void watch(Runnable left) {
        if (caller != null && !watched) {
            watched = true;
            caller.watch(left);
        }
    }

    void lead(Batch batch) {
        lead = batch;
        LockSupport.unpark(thread);
    }

    @Nullable Batch takeLead() {
        Batch batch = lead;
        if (batch != null) {
            // Given once only, so nothing can be lost between the two lines.
            lead = null;
        }
        return batch;
    }

    /// Whether there is an answer, or a batch to run.
    boolean isCalled() {
        return done || lead != null;
    }

    boolean isDone() {
        return done;
    }

    void succeed(List<Tensor> own) {
        outputs = own;
        finish();
    }

    /// Only the first failure counts, and none after a success.
    void fail(RuntimeException e) {
        if (!done) {
            failure = e;
            finish();
        }
    }

    /// Because its time is over: in the queue, or for its answer.
    void refuse(long now) {
        fail(
                now >= expires
                        ? new TidemillException(
                                ErrorCode.UNAVAILABLE,
                                "queue: Request timeout expired (expected: a turn within the timeout)")
                        : late());
    }

    static TidemillException late() {
        return new TidemillException(
                ErrorCode.DEADLINE_EXCEEDED,
                "deadline: 'too near' (expected: time enough for a run of the model)");
    }

    void began(long now, Batch with) {
        waited = now - since;
        batch = with;
    }

    /// @param began when the model began to run
    /// @param outputs when they were there
    void computed(long began, long outputs) {
        computed = began;
        ran = outputs;
    }

    /// The one that it ran in; null when it never ran.
    @Nullable Batch batch() {
        return batch;
    }

    long computed() {
        return computed;
    }

    /// 0 when it failed.
    long ran() {
        return ran;
    }

    boolean hasFailed() {
        return failure != null;
    }

    /// Where it leads: when the run of the model began.
    @Override
    public void begins(long now) {
        computing = now;
    }

    /// When that was, once.
    ///
    /// @param otherwise when nobody has said so: it began at once
    long takeBegin(long otherwise) {
        long moment = computing;
        computing = UNSAID;
        return moment == UNSAID ? otherwise : moment;
    }

    /// For a thread, after it had its turn.
    void waitedOn(long nanos) {
        waited += nanos;
    }

    long waited() {
        return waited;
    }

    List<Tensor> result() {
        if (failure != null) {
            throw failure;
        }
        if (outputs == null) {
            throw new IllegalStateException("not done");
        }
        return outputs;
    }

    private void finish() {
        done = true;
        if (!thread.equals(Thread.currentThread())) {
            LockSupport.unpark(thread);
        }
    }

    /// Requests that run together.
    ///
    /// @param formed on the monotonic clock
    /// @param crowded whether more than one waited then, in it or behind it
    record Batch(
            List<Waiting> members,
            int rows,
            BatchPlan.Reason reason,
            long formed,
            boolean crowded) {}
}
