package dev.tidemill.cli.up;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The one thread that owns the supervisor's state. Everything that happens elsewhere (a child's
/// event, a tick, a command) comes in as a task, so that state needs no lock.
final class Loop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Loop.class.getName());

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("supervisor").factory());

    /// How to give up each question that nobody has answered yet: whoever waits must hear of the
    /// end.
    private final Set<Runnable> pending = ConcurrentHashMap.newKeySet();

    /// Runs later, in order. Dropped once the loop is closed.
    void run(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "task after the end");
        }
    }

    /// Runs in the loop and gives its result to the caller, who waits. Never called from the loop.
    <T> T ask(Callable<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Runnable giveUp = () -> answer.completeExceptionally(new IllegalStateException("stopped"));
        pending.add(giveUp);
        run(() -> {
            try {
                answer.complete(question.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        if (thread.isShutdown()) {
            giveUp.run();
        }
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        } finally {
            pending.remove(giveUp);
        }
    }

    void after(Duration delay, Runnable task) {
        if (!thread.isShutdown()) {
            var _ = thread.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        pending.forEach(Runnable::run);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "supervisor task failed", e);
        }
    }
}
