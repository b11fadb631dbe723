package dev.tidemill.server.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.batching.Waiting.Batch;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.QueuePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
    /// How much a new run counts in the average that deadlines are compared with: 1/8.
    private static final int SMOOTHING = 3;

    private final BatchPlan plan;
    private final int instances;
    private final DynamicBatching batching;
    private final Work work;
    private final Consumer<BatchRecord> observer;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final LongWaits longWaits;

    @GuardedBy("lock")
    private final RequestQueue queue;

    @GuardedBy("lock")
    private final List<Memory> memories = new ArrayList<>();

    @GuardedBy("lock")
    private int running;

    @GuardedBy("lock")
    private @Nullable CountDownLatch lastAnswer;

    private volatile long typicalRun;

    /// Runs a model.
    @FunctionalInterface
    public interface Work {
        List<Tensor> run(List<Tensor> inputs);
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
        this.batching = batching;
        this.work = work;
        this.observer = observer;
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
        Waiting me = waiting(inputs, rows, shape, terms, now);
        CountDownLatch answered = batching.preserveOrder() ? new CountDownLatch(1) : null;
        Batch batch;
        lock.lock();
        try {
            if (RequestQueue.isLate(me, now, typicalRun)) {
                throw late();
            }
            queue.add(me);
            if (answered != null) {
                me.before = lastAnswer;
                lastAnswer = answered;
            }
            batch = next(now, me);
        } finally {
            lock.unlock();
        }
        if (batch == null && me.hasCaller()) {
            longWaits.begin();
        }
        try {
            finish(me, batch, now);
            awaitTurn(me);
            return new Share(me.result(), me.waited());
        } finally {
            if (answered != null) {
                answered.countDown();
            }
        }
    }

    /// Time of a run as of late, in ns; 0 before the first.
    public long typicalRun() {
        return typicalRun;
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

    private Waiting waiting(
            List<Tensor> inputs, int rows, Object shape, QueueTerms terms, long now) {
        int levels = batching.priorityLevels();
        if (levels > 0 && terms.priority() > levels) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "priority: '%d' (expected: 1 to %d)".formatted(terms.priority(), levels));
        }
        int priority =
                levels == 0
                        ? 0
                        : terms.priority() == 0 ? batching.defaultPriority() : terms.priority();
        QueuePolicy policy = batching.policy(priority);
        return new Waiting(
                inputs,
                rows,
                shape,
                priority,
                now,
                expires(policy, terms, now),
                terms.deadline(),
                policy.onTimeout());
    }

    private static long expires(QueuePolicy policy, QueueTerms terms, long now) {
        long timeout = policy.timeout().isZero() ? Long.MAX_VALUE : policy.timeout().toNanos();
        if (policy.allowOverride() && terms.timeout().isPositive()) {
            timeout = Math.min(timeout, terms.timeout().toNanos());
        }
        return timeout == Long.MAX_VALUE ? timeout : now + timeout;
    }

    /// Gives free instances to what waits.
    ///
    /// @return the batch that `me` is to run, if it is in one
    @GuardedBy("lock")
    private @Nullable Batch next(long now, @Nullable Waiting me) {
        Batch mine = null;
        refuse(queue.expire(now, typicalRun), now);
        while (running < instances && !queue.isEmpty()) {
            if (!(plan.decide(queue, now)
                    instanceof BatchPlan.Decision.Run(int requests, int rows, var reason))) {
                break;
            }
            Batch batch = new Batch(queue.take(requests), rows, reason);
            running++;
            if (me != null && batch.members().contains(me)) {
                mine = batch;
            } else {
                batch.members().getFirst().lead(batch);
            }
        }
        return mine;
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
                pause(nextLook(me, looked));
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

    /// The first moment after the last look at which time alone changes what is to be done.
    private long nextLook(Waiting me, long looked) {
        long next = Long.MAX_VALUE;
        if (plan.maxDelay() > 0 && me.since() + plan.maxDelay() > looked) {
            next = me.since() + plan.maxDelay();
        }
        if (me.expires > looked) {
            next = Math.min(next, me.expires);
        }
        if (me.deadline > looked) {
            next = Math.min(next, me.deadline);
        }
        return next;
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
            return next(now, me);
        } finally {
            lock.unlock();
        }
    }

    private void refuse(List<Waiting> expired, long now) {
        for (Waiting request : expired) {
            request.fail(
                    now >= request.expires
                            ? new TidemillException(
                                    ErrorCode.UNAVAILABLE,
                                    "queue: Request timeout expired (expected: a turn within the timeout)")
                            : late());
        }
    }

    private static TidemillException late() {
        return new TidemillException(
                ErrorCode.DEADLINE_EXCEEDED,
                "deadline: 'too near' (expected: time enough for a run of the model)");
    }

    private void lead(Batch batch) {
        try {
            execute(batch);
        } catch (RuntimeException e) {
            batch.members().forEach(member -> member.fail(e));
        } catch (Error e) {
            RuntimeException failure = new IllegalStateException(e);
            batch.members().forEach(member -> member.fail(failure));
            throw e;
        } finally {
            lock.lock();
            try {
                running--;
                if (!queue.isEmpty()) {
                    next(nanos.getAsLong(), null);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void execute(Batch batch) {
        long begin = nanos.getAsLong();
        batch.members().forEach(member -> member.began(begin));
        if (batch.members().size() == 1) {
            Waiting only = batch.members().getFirst();
            List<Tensor> outputs = work.run(only.inputs);
            long ran = nanos.getAsLong();
            only.succeed(outputs);
            observe(batch, begin, begin, ran, ran);
            return;
        }
        Memory memory = borrow();
        try {
            List<List<Tensor>> requests =
                    batch.members().stream().map(member -> member.inputs).toList();
            List<Tensor> joined = Rows.join(requests, batch.rows(), memory);
            long joinedAt = nanos.getAsLong();
            List<Tensor> outputs = work.run(joined);
            long ran = nanos.getAsLong();
            int[] rows = batch.members().stream().mapToInt(Waiting::rows).toArray();
            List<List<Tensor>> split = Rows.split(outputs, rows);
            for (int i = 0; i < rows.length; i++) {
                batch.members().get(i).succeed(split.get(i));
            }
            observe(batch, begin, joinedAt, ran, nanos.getAsLong());
        } catch (TidemillException e) {
            // What one of them brought must not be the others' failure.
            batch.members().forEach(this::alone);
        } finally {
            giveBack(memory);
        }
    }

    private void alone(Waiting member) {
        try {
            member.succeed(work.run(member.inputs));
        } catch (RuntimeException e) {
            member.fail(e);
        }
    }

    private void observe(Batch batch, long begin, long joined, long ran, long split) {
        long compute = ran - joined;
        long typical = typicalRun;
        typicalRun = typical == 0 ? compute : typical + ((compute - typical) >> SMOOTHING);
        long waits = 0;
        long longest = 0;
        for (Waiting member : batch.members()) {
            waits += member.waited();
            longest = Math.max(longest, member.waited());
        }
        observer.accept(
                new BatchRecord(
                        begin,
                        batch.members().size(),
                        batch.rows(),
                        batch.reason(),
                        longest,
                        waits,
                        joined - begin,
                        compute,
                        split - ran));
    }

    private static void awaitTurn(Waiting me) {
        CountDownLatch before = me.before;
        me.before = null;
        if (before != null) {
            boolean interrupted = false;
            while (before.getCount() > 0) {
                try {
                    before.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                    break;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Memory borrow() {
        lock.lock();
        try {
            return memories.isEmpty() ? new Memory() : memories.removeLast();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Memory memory) {
        lock.lock();
        try {
            memories.add(memory);
        } finally {
            lock.unlock();
        }
    }
}
