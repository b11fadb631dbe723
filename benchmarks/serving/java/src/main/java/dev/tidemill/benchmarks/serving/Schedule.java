package dev.tidemill.benchmarks.serving;

import java.nio.channels.Selector;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/// When the requests of an open loop are due. Its own thread sleeps until then, because a selector
/// knows milliseconds only, and wakes the selector.
final class Schedule {
    static final long NOTHING = Long.MIN_VALUE;

    private final double rate;
    private final boolean poisson;
    private final Selector selector;
    private final ConcurrentLinkedQueue<Long> due = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;
    private Thread thread;

    /// @param rate per second; 0 for none
    Schedule(double rate, boolean poisson, Selector selector) {
        this.rate = rate;
        this.poisson = poisson;
        this.selector = selector;
    }

    boolean isOpen() {
        return rate > 0;
    }

    /// @return when the next request was due, or [#NOTHING]
    long next() {
        Long next = due.poll();
        return next == null ? NOTHING : next;
    }

    int waiting() {
        return due.size();
    }

    void start(long end) {
        thread = Thread.ofPlatform().daemon().name("schedule").start(() -> keep(end));
    }

    private void keep(long end) {
        SplittableRandom random = new SplittableRandom(42);
        double gap = 1e9 / rate;
        double at = System.nanoTime();
        while (!stopped && at < end) {
            at += poisson ? -Math.log(1 - random.nextDouble()) * gap : gap;
            for (long left = (long) at - System.nanoTime();
                    left > 0 && !stopped;
                    left = (long) at - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            due.add((long) at);
            selector.wakeup();
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        if (thread != null) {
            thread.join();
        }
    }
}
