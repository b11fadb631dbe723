package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/// The few threads on which versions are loaded and warmed up, behind those that answer requests.
final class LoadThreads implements AutoCloseable {
    private final ExecutorService threads;

    /// @param count how many versions are loaded at a time
    @SuppressWarnings("ThreadPriorityCheck") // a hint that costs nothing where nobody takes it
    LoadThreads(int count) {
        threads =
                Executors.newFixedThreadPool(
                        count,
                        Thread.ofPlatform()
                                .daemon()
                                .name("loading-", 0)
                                .priority(Thread.MIN_PRIORITY)
                                .factory());
    }

    /// Waits for it, whatever happens: a version that nobody takes over would never be freed.
    ///
    /// @throws TidemillException `UNAVAILABLE` when the server stops
    <T> T run(Callable<T> work) {
        Future<T> running;
        try {
            running = threads.submit(work);
        } catch (RejectedExecutionException e) {
            throw new TidemillException(ErrorCode.UNAVAILABLE, "server: stopping", e);
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return running.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Takes no more; what has begun goes on to its end.
    @Override
    public void close() {
        threads.shutdown();
    }
}
