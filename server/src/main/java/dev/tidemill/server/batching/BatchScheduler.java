package dev.tidemill.server.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.batching.Waiting.Batch;
import dev.tidemill.server.modelconfig.DynamicBatching;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The queue before one model version. There is no thread that batches: a request that finds a free
/// instance runs at once on its own thread, and one that finds none waits; whoever ends a run hands
/// the instance to one of the waiting, which runs for all that fit. So a lone request costs two
/// locks and no change of threads, and under load batches form by themselves.
public final class BatchScheduler {
    private final BatchPlan plan;
    private final int instances;
    private final boolean keepsOrder;
    private final Arrivals arrivals;
    private final BatchRunner runner;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final LongWaits longWaits;

    @GuardedBy("lock")
    private final RequestQueue queue;

    @GuardedBy("lock")
    private int running;

    @GuardedBy("lock")
    private final AnswerOrder order = new AnswerOrder();

    @GuardedBy("lock")
    private final JoinGain gain = new JoinGain();

    /// Runs a model.
    @FunctionalInterface
    public interface Work {
        /// The inputs' memory is used for other things as soon as it returns.
        List<Tensor> run(List<Tensor> inputs);

        /// As above.
        ///
        /// @param turn told when the run begins, by work that may wait for a thread before
        default List<Tensor> run(List<Tensor> inputs, Turn turn) {
            return run(inputs);
        }
    }

    /// Hears when a run begins.
    public interface Turn {
        /// By whatever thread runs.
        ///
        /// @param now on the monotonic clock
        void begins(long now);
    }

    /// A caller's part of a run.
    ///
    /// @param waited in the queue, in ns
    public record Share(List<Tensor> outputs, long waited) {}

    /// @param instances runs that may go on at once
    /// @param observer is told of every run, by the thread that ran
    /// @param nanos monotonic clock
    public BatchScheduler(
            BatchPlan plan,
            int instances,
            DynamicBatching batching,
            Work work,
            Consumer<BatchRecord> observer,
            LongSupplier nanos) {
        this.plan = plan;
        this.instances = instances;
        this.keepsOrder = batching.preserveOrder();
        this.arrivals = new Arrivals(batching);
        this.runner = new BatchRunner(work, observer, nanos);
        this.nanos = nanos;
        this.queue = new RequestQueue(batching);
        this.longWaits = new LongWaits(this::queued, this::remove, nanos);
    }

    /// Waits for its turn, runs alone or with others, and returns the caller's own rows.
    ///
    /// @param shape equal for requests that may be joined
    /// @throws TidemillException `INVALID_REQUEST` for a priority that does not exist,
    ///   `UNAVAILABLE` when the queue is full or the time in it is over, `DEADLINE_EXCEEDED` when
    ///   the answer would come too late, and what the work throws
    public Share run(List<Tensor> inputs, int rows, Object shape, QueueTerms terms) {
        long now = nanos.getAsLong();
        Waiting me = arrivals.waiting(inputs, rows, shape, terms, now);
        AnswerOrder.Place place;
        Batch batch;
        lock.lock();
        try {
            long run = foreseen();
            if (me.isLate(now, run)) {
                throw Waiting.late();
            }
            queue.add(me);
            place = keepsOrder ? order.append() : null;
            batch = next(now, me, run);
        } finally {
            lock.unlock();
        }
        if (batch == null && me.hasCaller()) {
            longWaits.begin();
        }
        try {
            finish(me, batch, now);
            if (me.span.isRecorded()) {
                BatchTrace.add(me, nanos.getAsLong());
            }
            if (place != null) {
                place.await();
            }
            return new Share(me.result(), me.waited());
        } finally {
            if (place != null) {
                place.leave();
            }
        }
    }

    /// Time of a run as of late, in ns; 0 before the first.
    public long typicalRun() {
        return runner.typicalRun();
    }

    /// How many requests wait.
    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /// How long a run takes, in ns, for deadlines that it would miss. Nothing where an instance is
    /// free: a run there is at nobody's expense, and where what has been slow once is never run
    /// again, nobody sees that it has become fast.
    @GuardedBy("lock")
    private long foreseen() {
        return running < instances ? 0 : typicalRun();
    }

    private List<Waiting> queued() {
        lock.lock();
        try {
            List<Waiting> all = new ArrayList<>(queue.size());
            queue.forEach(all::add);
            return all;
        } finally {
            lock.unlock();
        }
    }

    private boolean remove(Waiting request) {
        lock.lock();
        try {
            return queue.remove(request);
        } finally {
            lock.unlock();
        }
    }

    /// Gives free instances to what waits.
    ///
    /// @param typical how long a run takes, as far as deadlines go
    /// @return the batch that `me` is to run, if it is in one
    @GuardedBy("lock")
    private @Nullable Batch next(long now, @Nullable Waiting me, long typical) {
        Batch mine = null;
        for (Waiting expired : queue.expire(now, typical)) {
            expired.refuse(now);
        }
        while (running < instances && !queue.isEmpty()) {
            if (!(plan.decide(queue, now) instanceof BatchPlan.Decision.Run run)) {
                break;
            }
            Batch batch = batch(run, now);
            running++;
            if (me != null && batch.members().contains(me)) {
                mine = batch;
            } else {
                batch.members().getFirst().lead(batch);
            }
        }
        return mine;
    }

    @GuardedBy("lock")
    private Batch batch(BatchPlan.Decision.Run run, long now) {
        boolean crowded = queue.size() > 1;
        if (run.requests() > 1 && plan.mayRunAlone()) {
            int first = queue.iterator().next().rows();
            if (!gain.joins(first, run.rows())) {
                return new Batch(
                        queue.take(1), first, BatchPlan.Reason.ALONE_IS_AS_FAST, now, crowded);
            }
        }
        return new Batch(queue.take(run.requests()), run.rows(), run.reason(), now, crowded);
    }

    /// @param began when the queue was looked at for this request
    private void finish(Waiting me, @Nullable Batch batch, long began) {
        boolean interrupted = false;
        long looked = began;
        Batch own = batch;
        while (!me.isDone()) {
            if (own == null) {
                own = me.takeLead();
            }
            if (own != null) {
                lead(own);
                own = null;
            } else {
                // Between the questions above and this line nothing may block: waiting for the lock
                // would use up the wake-up that a leader gets.
                pause(me.nextLook(looked, plan.maxDelay()));
                interrupted |= Thread.interrupted();
                if (!me.isCalled()) {
                    looked = nanos.getAsLong();
                    own = again(me, looked, interrupted);
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause(long until) {
        if (until == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            long left = until - nanos.getAsLong();
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            }
        }
    }

    /// Looks at the queue because time has passed.
    private @Nullable Batch again(Waiting me, long now, boolean interrupted) {
        lock.lock();
        try {
            if (interrupted && queue.remove(me)) {
                // Connections are interrupted when the server stops, calls when their clients
                // leave.
                me.fail(
                        me.hasCaller()
                                ? new TidemillException(ErrorCode.UNAVAILABLE, "server: stopping")
                                : LongWaits.left());
                return null;
            }
            return next(now, me, foreseen());
        } finally {
            lock.unlock();
        }
    }

    private void lead(Batch batch) {
        long ended = 0;
        try {
            ended = runner.run(batch);
        } finally {
            lock.lock();
            try {
                running--;
                if (ended > 0 && batch.crowded()) {
                    gain.ran(batch.rows(), ended - batch.formed());
                }
                if (!queue.isEmpty()) {
                    // Whom this sheds makes room: the next that comes finds a free instance.
                    next(nanos.getAsLong(), null, typicalRun());
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
