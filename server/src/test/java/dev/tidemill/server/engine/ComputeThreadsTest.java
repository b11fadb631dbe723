package dev.tidemill.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ComputeThreadsTest {
    private final ComputeThreads threads = new ComputeThreads(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final Semaphore gate = new Semaphore(0);

    @Test
    void an_interrupt_ends_no_run_and_is_not_lost() throws Exception {
        FutureTask<Boolean> asking =
                new FutureTask<>(
                        () -> threads.run(this::gated) && Thread.currentThread().isInterrupted());
        Thread caller = Thread.ofVirtual().start(asking);
        entered.await();
        caller.interrupt();
        assertThatThrownBy(() -> asking.get(50, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        gate.release();

        assertThat(asking.get()).isTrue();
        threads.close();
    }

    @Test
    void who_waits_for_a_thread_when_the_server_stops_is_told_so() throws Exception {
        Thread.ofVirtual().start(() -> threads.run(this::gated));
        entered.await();
        FutureTask<Boolean> asking = new FutureTask<>(() -> threads.run(this::gated));
        Thread waiting = Thread.ofVirtual().start(asking);
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        threads.close();

        assertThatThrownBy(asking::get).hasStackTraceContaining("server: stopping");
        gate.release();
    }

    private boolean gated() {
        entered.countDown();
        gate.acquireUninterruptibly();
        return true;
    }
}
