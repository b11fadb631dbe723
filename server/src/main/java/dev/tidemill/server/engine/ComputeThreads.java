package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Platform threads, one a processor, for models whose runs are long: native code holds the carrier
/// of the virtual thread it runs on, and enough long runs would stop all others, health checks
/// included. Short runs stay on the request's own thread, where they cost no change of threads.
public final class ComputeThreads implements AutoCloseable {
    private final int count;
    private final ExecutorService threads;

    /// @param count how many runs of slow models go on at once
    public ComputeThreads(int count) {
        this.count = count;
        threads =
                Executors.newFixedThreadPool(
                        count, Thread.ofPlatform().daemon().name("compute-", 0).factory());
    }

    public int count() {
        return count;
    }

    /// Does not wait: native code cannot be interrupted, and the threads do not keep the JVM alive.
    @Override
    public void close() {
        for (Runnable left : threads.shutdownNow()) {
            if (left instanceof Future<?> future) {
                future.cancel(false);
            }
        }
    }

    /// Is not ended by an interrupt: the run may be for others too, whose answers must not end with
    /// the client whose thread this is.
    <T> T run(Callable<T> work) {
        Future<T> running = threads.submit(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return running.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        } catch (CancellationException e) {
            throw new TidemillException(ErrorCode.UNAVAILABLE, "server: stopping", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
