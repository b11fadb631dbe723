package dev.tidemill.server.protocol.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.grpc.Context;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Interrupts the thread that works for a call when nobody waits for the answer any more: what is
/// queued leaves its queue, and what runs in native code runs to its end.
final class Cancellation implements Context.CancellationListener {
    private final Thread worker = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean over;

    private Cancellation() {}

    /// @throws TidemillException `DEADLINE_EXCEEDED` when the work ended because of it
    static <T> T whileWanted(Context context, Supplier<T> work) {
        if (context.isCancelled()) {
            throw unwanted(null);
        }
        Cancellation cancellation = new Cancellation();
        context.addListener(cancellation, Runnable::run);
        try {
            return work.get();
        } catch (TidemillException e) {
            throw context.isCancelled() ? unwanted(e) : e;
        } finally {
            context.removeListener(cancellation);
            cancellation.end();
        }
    }

    @Override
    public void cancelled(Context context) {
        lock.lock();
        try {
            if (!over) {
                worker.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            over = true;
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    private static TidemillException unwanted(@Nullable TidemillException cause) {
        String message = "call: 'cancelled' (expected: a client that waits for the answer)";
        return cause == null
                ? new TidemillException(ErrorCode.DEADLINE_EXCEEDED, message)
                : new TidemillException(ErrorCode.DEADLINE_EXCEEDED, message, cause);
    }
}
