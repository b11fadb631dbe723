package dev.tidemill.server.batching;

import static dev.tidemill.testkit.Tensors.ints;
import static dev.tidemill.testkit.Tensors.intsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.batching.BatchPlan.Reason;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.QueuePolicy;
import dev.tidemill.server.modelconfig.QueuePolicy.TimeoutAction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class BatchSchedulerTest {
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<BatchRecord> runs = new ConcurrentLinkedQueue<>();

    @AfterEach
    void end() {
        callers.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 11, 1_234})
    void gives_every_caller_exactly_its_own_rows(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        int instances = random.nextInt(1, 4);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        BatchScheduler scheduler =
                scheduler(
                        new BatchPlan(16, List.of(4), random.nextBoolean() ? 0 : 200_000),
                        instances,
                        DynamicBatching.DEFAULT,
                        inputs -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            Thread.yield();
                            List<Tensor> outputs = doubled(inputs);
                            inside.decrementAndGet();
                            return outputs;
                        });
        List<Future<?>> all = new ArrayList<>();
        for (int caller = 0; caller < 40; caller++) {
            SplittableRandom own = random.split();
            int first = caller * 1_000_000;
            all.add(
                    callers.submit(() -> {
                        for (int i = 0; i < 50; i++) {
                            askForOwnRows(scheduler, own, first + i * 100, seed);
                        }
                        return null;
                    }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(most.get()).as("seed %d", seed).isLessThanOrEqualTo(instances);
        assertThat(runs.stream().mapToInt(BatchRecord::requests).sum()).isEqualTo(40 * 50);
        assertThat(scheduler.waiting()).isZero();
    }

    /// Clients leave at any moment: in the queue, while they lead, while others lead for them.
    @ParameterizedTest
    @ValueSource(longs = {5, 13, 4_321})
    void callers_that_leave_take_nothing_from_the_others(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        int instances = random.nextInt(1, 3);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        BatchScheduler scheduler =
                scheduler(
                        new BatchPlan(16, List.of(), random.nextBoolean() ? 0 : 100_000),
                        instances,
                        DynamicBatching.DEFAULT,
                        inputs -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            try {
                                Thread.yield();
                                if (Thread.currentThread().isInterrupted()) {
                                    throw new IllegalStateException("interrupted");
                                }
                                return doubled(inputs);
                            } finally {
                                inside.decrementAndGet();
                            }
                        });
        AtomicInteger left = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int caller = 0; caller < 30; caller++) {
            SplittableRandom own = random.split();
            int first = caller * 1_000_000;
            boolean leaves = caller % 3 == 0;
            all.add(
                    callers.submit(() -> {
                        for (int i = 0; i < 40; i++) {
                            if (leaves) {
                                askAndLeave(scheduler, own, first + i * 100, seed, left);
                            } else {
                                askForOwnRows(scheduler, own, first + i * 100, seed);
                            }
                        }
                        return null;
                    }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(most.get()).as("seed %d", seed).isLessThanOrEqualTo(instances);
        assertThat(left.get()).as("seed %d", seed).isPositive();
        assertThat(scheduler.waiting()).isZero();
    }

    @Test
    void joins_what_waits_while_the_instance_is_busy() throws Exception {
        Gate gate = new Gate();
        BatchScheduler scheduler =
                scheduler(new BatchPlan(8, List.of(), 0), 1, DynamicBatching.DEFAULT, gate);
        Future<int[]> first = ask(scheduler, QueueTerms.NONE, 1);
        gate.awaitEntered();
        List<Future<int[]>> others =
                List.of(ask(scheduler, QueueTerms.NONE, 2), ask(scheduler, QueueTerms.NONE, 3, 4));
        awaitWaiting(scheduler, 2);
        gate.open();

        assertThat(first.get()).containsExactly(2);
        assertThat(others.get(0).get()).containsExactly(4);
        assertThat(others.get(1).get()).containsExactly(6, 8);
        assertThat(runs)
                .extracting(BatchRecord::rows, BatchRecord::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, Reason.NOTHING_ELSE),
                        org.assertj.core.groups.Tuple.tuple(3, Reason.ALL_THAT_WAITED));
    }

    @Test
    void waits_for_company_and_no_longer_than_the_delay() throws Exception {
        BatchScheduler scheduler =
                scheduler(
                        new BatchPlan(8, List.of(2), 20_000_000),
                        1,
                        DynamicBatching.DEFAULT,
                        BatchSchedulerTest::doubled);
        long begin = System.nanoTime();
        assertThat(ask(scheduler, QueueTerms.NONE, 1).get()).containsExactly(2);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000);
        assertThat(runs.poll().reason()).isEqualTo(Reason.DELAY_OVER);

        Future<int[]> one = ask(scheduler, QueueTerms.NONE, 1);
        Future<int[]> two = ask(scheduler, QueueTerms.NONE, 2);
        assertThat(one.get()).containsExactly(2);
        assertThat(two.get()).containsExactly(4);
        assertThat(runs.poll().reason()).isEqualTo(Reason.PREFERRED);
    }

    @Test
    void one_callers_bad_input_is_not_the_others_failure() throws Exception {
        Gate gate = new Gate();
        BatchScheduler scheduler =
                scheduler(
                        new BatchPlan(8, List.of(), 0),
                        1,
                        DynamicBatching.DEFAULT,
                        inputs -> {
                            List<Tensor> outputs = gate.run(inputs);
                            for (int value : intsOf(inputs.getFirst())) {
                                if (value == 13) {
                                    throw new TidemillException(
                                            ErrorCode.INVALID_REQUEST, "no thirteen");
                                }
                            }
                            return outputs;
                        });
        Future<int[]> first = ask(scheduler, QueueTerms.NONE, 1);
        gate.awaitEntered();
        Future<int[]> good = ask(scheduler, QueueTerms.NONE, 2);
        Future<int[]> bad = ask(scheduler, QueueTerms.NONE, 13);
        awaitWaiting(scheduler, 2);
        gate.open();

        assertThat(first.get()).containsExactly(2);
        assertThat(good.get()).containsExactly(4);
        assertThatThrownBy(bad::get).hasRootCauseMessage("no thirteen");
    }

    @Test
    void refuses_what_the_queue_has_no_room_for() throws Exception {
        Gate gate = new Gate();
        BatchScheduler scheduler =
                scheduler(
                        new BatchPlan(1, List.of(), 0),
                        1,
                        batching(0, new QueuePolicy(1, Duration.ZERO, TimeoutAction.REJECT, true)),
                        gate);
        Future<int[]> running = ask(scheduler, QueueTerms.NONE, 1);
        gate.awaitEntered();
        Future<int[]> waiting = ask(scheduler, QueueTerms.NONE, 2);
        awaitWaiting(scheduler, 1);

        assertThatThrownBy(() -> ask(scheduler, QueueTerms.NONE, 3).get())
                .hasRootCauseInstanceOf(TidemillException.class)
                .hasStackTraceContaining("Exceeds maximum queue size");
        gate.open();
        assertThat(running.get()).containsExactly(2);
        assertThat(waiting.get()).containsExactly(4);
    }

    @Test
    void refuses_what_has_waited_too_long_even_without_a_default_timeout() throws Exception {
        Gate gate = new Gate();
        BatchScheduler scheduler =
                scheduler(new BatchPlan(1, List.of(), 0), 1, DynamicBatching.DEFAULT, gate);
        Future<int[]> running = ask(scheduler, QueueTerms.NONE, 1);
        gate.awaitEntered();

        assertThatThrownBy(() ->
                        ask(scheduler, new QueueTerms(0, Duration.ofMillis(5), Long.MAX_VALUE), 2)
                                .get())
                .hasStackTraceContaining("Request timeout expired");
        gate.open();
        assertThat(running.get()).containsExactly(2);
        assertThat(scheduler.waiting()).isZero();
    }

    @Test
    void serves_the_delayed_after_all_others() throws Exception {
        Gate gate = new Gate();
        BatchScheduler scheduler =
                scheduler(
                        new BatchPlan(1, List.of(), 0),
                        1,
                        batching(0, new QueuePolicy(0, Duration.ZERO, TimeoutAction.DELAY, true)),
                        gate);
        Future<int[]> running = ask(scheduler, QueueTerms.NONE, 1);
        gate.awaitEntered();
        Future<int[]> delayed =
                ask(scheduler, new QueueTerms(0, Duration.ofNanos(1), Long.MAX_VALUE), 2);
        awaitWaiting(scheduler, 1);
        Future<int[]> punctual = ask(scheduler, QueueTerms.NONE, 3);
        awaitWaiting(scheduler, 2);
        gate.open();
        running.get();
        delayed.get();
        punctual.get();
        assertThat(gate.order()).containsExactly(1, 3, 2);
    }

    @Test
    void serves_the_urgent_first_and_refuses_levels_that_do_not_exist() throws Exception {
        Gate gate = new Gate();
        BatchScheduler scheduler =
                scheduler(
                        new BatchPlan(1, List.of(), 0), 1, batching(2, QueuePolicy.DEFAULT), gate);
        Future<int[]> running = ask(scheduler, QueueTerms.NONE, 1);
        gate.awaitEntered();
        Future<int[]> later = ask(scheduler, QueueTerms.NONE, 2);
        awaitWaiting(scheduler, 1);
        Future<int[]> urgent = ask(scheduler, new QueueTerms(1, Duration.ZERO, Long.MAX_VALUE), 3);
        awaitWaiting(scheduler, 2);
        assertThatThrownBy(() ->
                        ask(scheduler, new QueueTerms(3, Duration.ZERO, Long.MAX_VALUE), 4).get())
                .hasStackTraceContaining("priority: '3' (expected: 1 to 2)");
        gate.open();
        running.get();
        later.get();
        urgent.get();
        assertThat(gate.order()).containsExactly(1, 3, 2);
    }

    @Test
    void sheds_early_what_cannot_be_in_time() throws Exception {
        BatchScheduler scheduler =
                scheduler(
                        new BatchPlan(1, List.of(), 0),
                        1,
                        DynamicBatching.DEFAULT,
                        BatchSchedulerTest::doubled);
        assertThatThrownBy(() ->
                        ask(scheduler, new QueueTerms(0, Duration.ZERO, System.nanoTime() - 1), 1)
                                .get())
                .hasStackTraceContaining("deadline: 'too near'");
        assertThat(runs).isEmpty();
    }

    @Test
    void one_slow_run_does_not_lock_out_those_who_cannot_wait_that_long() {
        AtomicLong clock = new AtomicLong(1_000);
        AtomicLong takes = new AtomicLong(200);
        BatchScheduler scheduler =
                new BatchScheduler(
                        new BatchPlan(1, List.of(), 0),
                        1,
                        DynamicBatching.DEFAULT,
                        inputs -> {
                            clock.addAndGet(takes.get());
                            return doubled(inputs);
                        },
                        runs::add,
                        clock::get);
        List<Tensor> input = List.of(ints("x", new long[] {1}, 1));
        scheduler.run(input, 1, "shape", QueueTerms.NONE);
        takes.set(10);

        for (int i = 0; i < 20; i++) {
            QueueTerms hasty = new QueueTerms(0, Duration.ZERO, clock.get() + 100);
            assertThat(scheduler.run(input, 1, "shape", hasty).outputs()).hasSize(1);
        }
        assertThat(scheduler.typicalRun()).isLessThan(100);
    }

    @Test
    void sheds_early_while_the_instances_are_busy_and_not_once_they_are_free() throws Exception {
        AtomicLong clock = new AtomicLong(1_000);
        Gate gate = new Gate();
        gate.open();
        BatchScheduler scheduler =
                new BatchScheduler(
                        new BatchPlan(1, List.of(), 0),
                        1,
                        DynamicBatching.DEFAULT,
                        inputs -> {
                            clock.addAndGet(200);
                            return gate.run(inputs);
                        },
                        runs::add,
                        clock::get);
        ask(scheduler, QueueTerms.NONE, 1).get();
        gate.close();
        Future<int[]> running = ask(scheduler, QueueTerms.NONE, 2);
        gate.awaitRuns(2);
        QueueTerms hasty = new QueueTerms(0, Duration.ZERO, clock.get() + 100);
        assertThatThrownBy(() -> ask(scheduler, hasty, 3).get())
                .hasStackTraceContaining("deadline: 'too near'");
        Future<int[]> patient =
                ask(scheduler, new QueueTerms(0, Duration.ZERO, clock.get() + 1_000), 4);
        awaitWaiting(scheduler, 1);
        gate.open();

        assertThat(running.get()).containsExactly(4);
        assertThat(patient.get()).containsExactly(8);
        QueueTerms again = new QueueTerms(0, Duration.ZERO, clock.get() + 100);
        assertThat(ask(scheduler, again, 5).get()).containsExactly(10);
        assertThat(gate.order()).containsExactly(1, 2, 4, 5);
    }

    @Test
    void serves_the_delayed_of_a_level_before_the_next_and_counts_them() throws Exception {
        Gate gate = new Gate();
        QueuePolicy policy = new QueuePolicy(1, Duration.ZERO, TimeoutAction.DELAY, true);
        BatchScheduler scheduler =
                scheduler(new BatchPlan(1, List.of(), 0), 1, batching(2, policy), gate);
        Future<int[]> running = ask(scheduler, QueueTerms.NONE, 1);
        gate.awaitEntered();
        Future<int[]> usual = ask(scheduler, QueueTerms.NONE, 2);
        awaitWaiting(scheduler, 1);
        QueueTerms urgent = new QueueTerms(1, Duration.ofNanos(1), Long.MAX_VALUE);
        Future<int[]> delayed = ask(scheduler, urgent, 3);
        awaitWaiting(scheduler, 2);
        assertThatThrownBy(() -> ask(scheduler, urgent, 4).get())
                .hasStackTraceContaining("Exceeds maximum queue size");
        gate.open();

        assertThat(running.get()).containsExactly(2);
        assertThat(usual.get()).containsExactly(4);
        assertThat(delayed.get()).containsExactly(6);
        assertThat(gate.order()).containsExactly(1, 3, 2);
    }

    @Test
    void answers_in_order_where_that_is_asked_for() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        BatchScheduler scheduler =
                scheduler(
                        new BatchPlan(1, List.of(), 0),
                        2,
                        new DynamicBatching(
                                List.of(),
                                Duration.ZERO,
                                true,
                                0,
                                0,
                                QueuePolicy.DEFAULT,
                                Map.of()),
                        inputs -> {
                            if (intsOf(inputs.getFirst())[0] == 1) {
                                await(slow);
                            }
                            return doubled(inputs);
                        });
        Future<int[]> first = ask(scheduler, QueueTerms.NONE, 1);
        while (first.state() == Future.State.RUNNING && scheduler.waiting() > 0) {
            Thread.onSpinWait();
        }
        Future<int[]> second = ask(scheduler, QueueTerms.NONE, 2);
        assertThatThrownBy(() -> second.get(50, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        slow.countDown();
        assertThat(second.get()).containsExactly(4);
        assertThat(first.get()).containsExactly(2);
    }

    @Test
    void tells_whose_rows_a_model_did_not_give() {
        BatchScheduler scheduler =
                scheduler(
                        new BatchPlan(8, List.of(2), 1_000_000_000),
                        1,
                        DynamicBatching.DEFAULT,
                        inputs -> List.of(ints("y", new long[] {1}, 0)));
        Future<int[]> one = ask(scheduler, QueueTerms.NONE, 1);
        Future<int[]> two = ask(scheduler, QueueTerms.NONE, 2);
        // Alone each gets an answer of one row, so nobody suffers from the wrong batch.
        assertThat(List.of(one, two)).allSatisfy(future -> assertThat(future.get()).hasSize(1));
    }

    /// Gets its rows all the same, or hears that it is gone.
    private void askAndLeave(
            BatchScheduler scheduler,
            SplittableRandom random,
            int first,
            long seed,
            AtomicInteger left) {
        Thread caller = Thread.currentThread();
        int spins = random.nextInt(20_000);
        Thread leaving =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 0; i < spins; i++) {
                                Thread.onSpinWait();
                            }
                            caller.interrupt();
                        });
        try {
            askForOwnRows(scheduler, random, first, seed);
        } catch (TidemillException | IllegalStateException e) {
            left.incrementAndGet();
        } finally {
            joined(leaving);
            Thread.interrupted();
        }
    }

    private static void joined(Thread thread) {
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                // It is this thread that it interrupts.
            }
        }
    }

    private void askForOwnRows(
            BatchScheduler scheduler, SplittableRandom random, int first, long seed) {
        int rows = random.nextInt(1, 6);
        int width = random.nextInt(1, 3);
        int[] values = new int[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = first + i;
        }
        Tensor input = ints("x", new long[] {rows, width}, values);
        List<Tensor> outputs =
                scheduler.run(List.of(input), rows, width, QueueTerms.NONE).outputs();
        int[] expected = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            expected[i] = 2 * values[i];
        }
        assertThat(intsOf(outputs.getFirst())).as("seed %d", seed).containsExactly(expected);
        assertThat(outputs.getFirst().shape()).containsExactly(rows, width);
    }

    private Future<int[]> ask(BatchScheduler scheduler, QueueTerms terms, int... values) {
        return callers.submit(() ->
                intsOf(
                        scheduler
                                .run(
                                        List.of(ints("x", new long[] {values.length}, values)),
                                        values.length,
                                        "shape",
                                        terms)
                                .outputs()
                                .getFirst()));
    }

    private static void awaitWaiting(BatchScheduler scheduler, int requests) {
        while (scheduler.waiting() < requests) {
            Thread.onSpinWait();
        }
    }

    private BatchScheduler scheduler(
            BatchPlan plan, int instances, DynamicBatching batching, BatchScheduler.Work work) {
        return new BatchScheduler(plan, instances, batching, work, runs::add, System::nanoTime);
    }

    private static DynamicBatching batching(int levels, QueuePolicy policy) {
        return new DynamicBatching(
                List.of(), Duration.ZERO, false, levels, levels, policy, Map.of());
    }

    private static List<Tensor> doubled(List<Tensor> inputs) {
        Tensor.Numeric input = (Tensor.Numeric) inputs.getFirst();
        int[] values = intsOf(input);
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            data.putInt(2 * value);
        }
        return List.of(new Tensor.Numeric("y", DataType.INT32, input.shape().clone(), data.flip()));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A model whose first run ends when the test says so.
    private static final class Gate implements BatchScheduler.Work {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final Semaphore opened = new Semaphore(0);
        private final Queue<Integer> order = new ConcurrentLinkedQueue<>();
        private final AtomicInteger runs = new AtomicInteger();

        @Override
        public List<Tensor> run(List<Tensor> inputs) {
            for (int value : intsOf(inputs.getFirst())) {
                order.add(value);
            }
            runs.incrementAndGet();
            entered.countDown();
            opened.acquireUninterruptibly();
            opened.release();
            return doubled(inputs);
        }

        void awaitEntered() throws InterruptedException {
            entered.await();
        }

        /// Returns once so many runs have begun.
        void awaitRuns(int count) {
            while (runs.get() < count) {
                Thread.onSpinWait();
            }
        }

        void open() {
            opened.release();
        }

        void close() {
            opened.drainPermits();
        }

        List<Integer> order() {
            return List.copyOf(order);
        }
    }
}
