package dev.tidemill.gateway.admission;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.limits.Rate;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Those whom one limit has refused and who wait a little before they hear it: who comes first is
/// called first when a place becomes free. Thread-safe.
final class WaitingLine {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<Turn> turns = new LinkedHashSet<>();

    @GuardedBy("lock")
    private Rate.Level prompt;

    private final Rate pace;

    /// @param pace of refusals that are told at once
    WaitingLine(Rate pace, long nowNanos) {
        this.pace = pace;
        this.prompt = pace.full(nowNanos);
    }

    /// Another one was refused.
    ///
    /// @return whether it is to hear so at once
    boolean isPrompt(long nowNanos) {
        lock.lock();
        try {
            Rate.Level now = pace.at(prompt, nowNanos);
            boolean covered = pace.covers(now, 1);
            prompt = covered ? pace.take(now, 1) : now;
            return covered;
        } finally {
            lock.unlock();
        }
    }

    /// @param forPlace whether a place is what it waits for; otherwise it is never called
    Turn join(boolean forPlace) {
        Turn turn = new Turn();
        if (forPlace) {
            lock.lock();
            try {
                turns.add(turn);
            } finally {
                lock.unlock();
            }
        }
        return turn;
    }

    /// A place is free: calls the first one who has not been called.
    void call() {
        lock.lock();
        try {
            for (Turn turn : turns) {
                if (!turn.called) {
                    turn.called = true;
                    turn.condition.signal();
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether nobody would miss it.
    boolean isIdle(long nowNanos) {
        lock.lock();
        try {
            return turns.isEmpty() && pace.resetNanos(pace.at(prompt, nowNanos)) == 0;
        } finally {
            lock.unlock();
        }
    }

    /// One who waits. Used by one thread.
    final class Turn {
        private final Condition condition = lock.newCondition();

        /// Read and written with the line's lock.
        private boolean called;

        private boolean tried;

        /// Waits to be called. One who was and found the place taken again is still the first.
        ///
        /// @return false when the time is over
        boolean await(long nanos) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long left = nanos;
                while (!called) {
                    if (left <= 0) {
                        return false;
                    }
                    left = condition.awaitNanos(left);
                }
                called = false;
                tried = true;
                return true;
            } finally {
                lock.unlock();
            }
        }

        /// @param served whether it has a place now; otherwise the one that it was called for may
        ///   be free, and is the next one's
        void leave(boolean served) {
            boolean passOn;
            lock.lock();
            try {
                turns.remove(this);
                passOn = called || (tried && !served);
            } finally {
                lock.unlock();
            }
            if (passOn) {
                call();
            }
        }
    }
}
