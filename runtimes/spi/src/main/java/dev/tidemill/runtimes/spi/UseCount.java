package dev.tidemill.runtimes.spi;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts who uses something that many use at once, so that closing it frees it only when the last
/// of them has left. Thread-safe, without a lock.
public final class UseCount {
    /// Added by close: negative means closed, this value means closed and unused.
    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger users = new AtomicInteger();
    private final Runnable free;

    /// @param free is run once, by whoever leaves last or closes what nobody uses
    public UseCount(Runnable free) {
        this.free = free;
    }

    /// Only when it returns true, [#leave] must follow.
    ///
    /// @return false when it is closed already
    public boolean enter() {
        return users.getAndUpdate(count -> count < 0 ? count : count + 1) >= 0;
    }

    /// Ends what a successful [#enter] began.
    public void leave() {
        if (users.decrementAndGet() == CLOSED) {
            free.run();
        }
    }

    /// Lets nobody in any more. A second time it does nothing.
    public void close() {
        if (users.getAndUpdate(count -> count | CLOSED) == 0) {
            free.run();
        }
    }

    /// Whether it is closed and the last user has left.
    public boolean isReleased() {
        return users.get() == CLOSED;
    }
}
