package dev.tidemill.server.engine;

import static dev.tidemill.server.engine.Workshop.row;
import static dev.tidemill.testkit.Tensors.intsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.testkit.FakeModel;
import dev.tidemill.testkit.Tensors;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two callers share the run of a model that is slow, and the one who leads it leaves.
@Timeout(30)
final class CallerIsolationTest {
    private static final String CONFIG =
            "max_batch_size: 8 instance_group { count: 1 } dynamic_batching {"
                    + " preferred_batch_size: [ 2 ] max_queue_delay_microseconds: 10000000 }";

    private final Workshop workshop = new Workshop();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final Semaphore gate = new Semaphore(0);
    private final AtomicBoolean done = new AtomicBoolean();

    @AfterEach
    void close() {
        gate.release(10);
        workshop.close();
    }

    @Test
    void the_leader_leaves_and_the_other_gets_its_rows_when_the_run_is_over() throws Exception {
        FakeModel model = slow();
        FutureTask<int[]> first = ask(1, 2);
        start(first);
        while (workshop.get("slow").waiting() < 1) {
            Thread.onSpinWait();
        }
        AtomicBoolean interrupted = new AtomicBoolean();
        FutureTask<int[]> second = ask(3, 4);
        Thread leader =
                Thread.ofVirtual()
                        .start(() -> {
                            second.run();
                            interrupted.set(Thread.currentThread().isInterrupted());
                        });
        entered.await();
        leader.interrupt();

        assertThatThrownBy(() -> second.get(50, TimeUnit.MILLISECONDS))
                .as("nobody frees the instance and the inputs while the model runs on them")
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        assertThat(done).isFalse();
        gate.release();

        assertThat(first.get()).containsExactly(2, 4);
        assertThat(second.get()).containsExactly(6, 8);
        leader.join();
        assertThat(interrupted).isTrue();
        assertThat(model.runs()).hasSize(1);
        assertThat(workshop.statistics("slow").executions()).isEqualTo(1);
    }

    private FakeModel slow() {
        FakeModel model = model();
        workshop.add("slow", CONFIG, model);
        workshop.get("slow").runsSlowly();
        return model;
    }

    private FakeModel model() {
        return new FakeModel(
                List.of(new TensorSpec("i", DataType.INT32, List.of(-1L, 2L))),
                List.of(new TensorSpec("o", DataType.INT32, List.of(-1L, 2L))),
                inputs -> {
                    entered.countDown();
                    gate.acquireUninterruptibly();
                    done.set(true);
                    return List.of(doubled(inputs.getFirst()));
                });
    }

    private FutureTask<int[]> ask(int... numbers) {
        return new FutureTask<>(
                () -> intsOf(workshop.ask("slow", List.of(row("i", numbers))).getFirst()));
    }

    private static void start(FutureTask<int[]> task) {
        Thread.ofVirtual().start(task);
    }

    private static Tensor doubled(Tensor given) {
        int[] numbers = intsOf(given);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] *= 2;
        }
        return Tensors.ints("o", given.shape(), numbers);
    }
}
