package dev.tidemill.server.batching;

import dev.tidemill.http.Caller;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.modelconfig.QueuePolicy.TimeoutAction;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One request on its way through the queue. Its own thread waits on it, and may be asked to run
/// the batch that it is in.
final class Waiting implements BatchPlan.Queued {
    final List<Tensor> inputs;
    final int priority;
    final long expires;
    final long deadline;
    final TimeoutAction onExpiry;
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

    /// Of the request before this one, where answers keep the order of requests.
    @Nullable CountDownLatch before;

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

    void began(long now) {
        waited = now - since;
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
    record Batch(List<Waiting> members, int rows, BatchPlan.Reason reason) {}
}
