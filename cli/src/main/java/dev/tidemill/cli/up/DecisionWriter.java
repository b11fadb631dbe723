package dev.tidemill.cli.up;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.autoscale.DecisionLog;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.common.TidemillException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Hands decisions to control, a second's at a time. While control is away they wait, the oldest
/// going first when there are too many; scaling never waits for it. Any thread.
final class DecisionWriter implements DecisionLog {
    private static final System.Logger LOG = System.getLogger(DecisionWriter.class.getName());
    private static final int MOST = 1_000;

    private final Supplier<ControlClient> control;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<ScalingDecision> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private long dropped;

    /// @param control may throw while it is being restarted
    DecisionWriter(Supplier<ControlClient> control) {
        this.control = control;
    }

    @Override
    public void add(ScalingDecision decision) {
        lock.lock();
        try {
            waiting.addLast(decision);
            drop();
        } finally {
            lock.unlock();
        }
    }

    /// Writes what waits. Called by one thread at a time.
    ///
    /// @throws TidemillException when control does not take it; it then goes on waiting
    void write() {
        List<ScalingDecision> batch = take();
        if (batch.isEmpty()) {
            return;
        }
        try {
            control.get().decided(batch);
        } catch (RuntimeException e) {
            giveBack(batch);
            throw e;
        }
    }

    /// The last ones, at the end.
    void flush() {
        try {
            write();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the last decisions are lost", e);
        }
    }

    private List<ScalingDecision> take() {
        lock.lock();
        try {
            List<ScalingDecision> batch = new ArrayList<>(waiting);
            waiting.clear();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(List<ScalingDecision> batch) {
        lock.lock();
        try {
            batch.reversed().forEach(waiting::addFirst);
            drop();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void drop() {
        while (waiting.size() > MOST) {
            waiting.removeFirst();
            if (dropped++ % MOST == 0) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "control takes no decisions: the oldest are dropped");
            }
        }
    }
}
