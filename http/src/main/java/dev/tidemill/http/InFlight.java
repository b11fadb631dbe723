package dev.tidemill.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the requests that have begun and not ended, and lets a drain wait for the last one.
public final class InFlight {
    private final AtomicInteger count = new AtomicInteger();
    private final Object lock = new Object();
    private volatile boolean awaited;

    public void enter() {
        count.incrementAndGet();
    }

    public void exit() {
        if (count.decrementAndGet() == 0 && awaited) {
            synchronized (lock) {
                lock.notifyAll();
            }
        }
    }

    public int count() {
        return count.get();
    }

    /// Blocks until nothing is in flight, or `limit` has passed.
    ///
    /// @return whether nothing is in flight
    public boolean awaitNone(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        awaited = true;
        synchronized (lock) {
            for (long left = limit.toNanos();
                    count.get() > 0;
                    left = deadline - System.nanoTime()) {
                if (left <= 0) {
                    return false;
                }
                lock.wait(left / 1_000_000, (int) (left % 1_000_000));
            }
            return true;
        }
    }
}
