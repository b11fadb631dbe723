package dev.tidemill.autoscale;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.client.control.ScalingDecision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Decisions on their way to where they are kept. While nobody takes them they wait, the oldest
/// going first when there are too many, so that scaling never waits for whoever keeps them. Any
/// thread.
public final class WaitingDecisions {
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<ScalingDecision> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private long dropped;

    /// @param most that wait at a time
    public WaitingDecisions(int most) {
        this.most = most;
    }

    public void add(ScalingDecision decision) {
        lock.lock();
        try {
            waiting.addLast(decision);
            drop();
        } finally {
            lock.unlock();
        }
    }

    /// All that wait, oldest first; they wait no longer.
    public List<ScalingDecision> take() {
        lock.lock();
        try {
            List<ScalingDecision> batch = new ArrayList<>(waiting);
            waiting.clear();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /// Those go on waiting that [#take] gave and nobody kept, before the ones that came since.
    public void giveBack(List<ScalingDecision> batch) {
        lock.lock();
        try {
            batch.reversed().forEach(waiting::addFirst);
            drop();
        } finally {
            lock.unlock();
        }
    }

    /// What waits, oldest first; it goes on waiting.
    public List<ScalingDecision> all() {
        lock.lock();
        try {
            return List.copyOf(waiting);
        } finally {
            lock.unlock();
        }
    }

    /// So many were lost.
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void drop() {
        while (waiting.size() > most) {
            waiting.removeFirst();
            dropped++;
        }
    }
}
