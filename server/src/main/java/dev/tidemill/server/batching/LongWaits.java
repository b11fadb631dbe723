package dev.tidemill.server.batching;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Looks now and then at the requests that wait, and has the clients of those that wait long
/// watched: the rows of one that leaves are not run. Its thread lives as long as somebody waits;
/// requests that find a free instance do not know of it.
final class LongWaits {
    /// Longer is long, in ns.
    static final long LONG = 25_000_000;

    private final Supplier<List<Waiting>> queue;
    private final Predicate<Waiting> removal;
    private final LongSupplier nanos;
    private final AtomicBoolean looking = new AtomicBoolean();

    /// @param queue those that wait now
    /// @param removal takes one out of the queue, and says whether it was still there
    /// @param nanos monotonic clock
    LongWaits(Supplier<List<Waiting>> queue, Predicate<Waiting> removal, LongSupplier nanos) {
        this.queue = queue;
        this.removal = removal;
        this.nanos = nanos;
    }

    /// What a request ends with whose client has left.
    static TidemillException left() {
        return new TidemillException(
                ErrorCode.CANCELLED, "client: 'left' (expected: one that waits for the answer)");
    }

    /// Called by a request that has to wait.
    void begin() {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("long-waits").start(this::look);
        }
    }

    private void look() {
        boolean anybody = true;
        while (anybody) {
            LockSupport.parkNanos(this, LONG);
            List<Waiting> waiting = queue.get();
            long before = nanos.getAsLong() - LONG;
            for (Waiting request : waiting) {
                if (request.since() <= before) {
                    request.watch(() -> abandon(request));
                }
            }
            if (waiting.isEmpty()) {
                looking.set(false);
                // One may have come since, and have seen that somebody looks.
                anybody = !queue.get().isEmpty() && looking.compareAndSet(false, true);
            }
        }
    }

    private void abandon(Waiting request) {
        if (removal.test(request)) {
            request.fail(left());
        }
    }
}
