package dev.tidemill.http;

import java.util.concurrent.locks.LockSupport;

/// One thread that looks now and then at everything that may be out of time: a timer for each
/// request would cost every request. What is looked at, and what happens then, is the caller's.
public final class PeriodicLook implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(PeriodicLook.class.getName());
    private static final long SHORTEST = 1_000_000;
    private static final long LONGEST = 1_000_000_000;

    private final long pauseNanos;
    private final Runnable look;
    private final Thread thread;
    private volatile boolean closed;

    /// @param thread its name
    /// @param pauseNanos between two looks, which is how late one may be
    public PeriodicLook(String thread, long pauseNanos, Runnable look) {
        this.pauseNanos = pauseNanos;
        this.look = look;
        this.thread = Thread.ofVirtual().name(thread).unstarted(this::run);
    }

    /// Often enough for a limit: a quarter of it, within 1 ms and 1 s.
    public static PeriodicLook within(String thread, long limitNanos, Runnable look) {
        return new PeriodicLook(thread, Math.clamp(limitNanos / 4, SHORTEST, LONGEST), look);
    }

    /// Once.
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(this, pauseNanos);
            try {
                look.run();
            } catch (RuntimeException e) {
                // One defect at one of them must not end the looks at all the others.
                LOGGER.log(System.Logger.Level.ERROR, thread.getName(), e);
            }
        }
    }
}
