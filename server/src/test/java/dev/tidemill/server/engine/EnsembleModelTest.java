package dev.tidemill.server.engine;

import static dev.tidemill.server.engine.EnsemblePlanTest.step;
import static dev.tidemill.server.engine.Workshop.row;
import static dev.tidemill.testkit.Tensors.intsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EnsembleModelTest {
    private static final String TENSORS =
            "max_batch_size: 8 "
                    + "input { name: 'x' data_type: TYPE_INT32 dims: [ 2 ] } "
                    + "output { name: 'y' data_type: TYPE_INT32 dims: [ 2 ] } ";

    private final Workshop workshop = new Workshop();

    @BeforeEach
    void models() {
        workshop.add(
                "double",
                List.of("i"),
                List.of("o"),
                "max_batch_size: 8",
                EnsembleModelTest::twice);
        workshop.add(
                "sum",
                List.of("i", "j"),
                List.of("o"),
                "max_batch_size: 8",
                given -> {
                    int[] sum = given[0].clone();
                    for (int k = 0; k < sum.length; k++) {
                        sum[k] += given[1][k];
                    }
                    return new int[][] {sum};
                });
    }

    @AfterEach
    void close() {
        workshop.close();
    }

    @Test
    void runs_its_steps_in_the_order_of_what_they_need() {
        // 4x + 2x
        ensemble(
                step("sum", "i:four", "j:two", "o:y"),
                step("double", "i:two", "o:four"),
                step("double", "i:x", "o:two"));

        List<Tensor> outputs = workshop.ask("e", List.of(row("x", 1, 2, 3, 4)));

        assertThat(outputs).hasSize(1);
        assertThat(outputs.getFirst().name()).isEqualTo("y");
        assertThat(intsOf(outputs.getFirst())).containsExactly(6, 12, 18, 24);
        assertThat(workshop.get("e").config().platform()).isEqualTo("ensemble");
        assertThat(workshop.get("e").whyNoBatching())
                .isEqualTo("the models of its steps join requests");
    }

    @Test
    void steps_that_need_nothing_of_each_other_run_at_once() {
        CyclicBarrier both = new CyclicBarrier(2);
        for (String name : List.of("left", "right")) {
            workshop.add(
                    name,
                    List.of("i"),
                    List.of("o"),
                    "max_batch_size: 8",
                    given -> {
                        meet(both);
                        return given;
                    });
        }
        ensemble(
                step("left", "i:x", "o:l"),
                step("right", "i:x", "o:r"),
                step("sum", "i:l", "j:r", "o:y"));

        assertThat(intsOf(workshop.ask("e", List.of(row("x", 1, 2))).getFirst()))
                .containsExactly(2, 4);
    }

    @Test
    void the_clients_deadline_holds_for_steps_on_other_threads_too() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        workshop.add(
                "busy",
                List.of("i"),
                List.of("o"),
                "max_batch_size: 8 dynamic_batching {} instance_group { count: 1 }",
                given -> {
                    entered.countDown();
                    await(gate);
                    return given;
                });
        ensemble(
                step("double", "i:x", "o:l"),
                step("busy", "i:x", "o:r"),
                step("sum", "i:l", "j:r", "o:y"));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Tensor>> before =
                    callers.submit(() -> workshop.ask("busy", List.of(row("i", 1, 2))));
            entered.await();
            long deadline = System.nanoTime() + 20_000_000;
            Future<List<Tensor>> late =
                    callers.submit(() ->
                            ScopedValue.where(InferenceCall.DEADLINE, deadline)
                                    .call(() -> workshop.ask("e", List.of(row("x", 1, 2)))));

            try {
                assertThatThrownBy(() -> late.get(10, TimeUnit.SECONDS))
                        .hasStackTraceContaining("step 2 (busy): deadline: 'too near'");
            } finally {
                gate.countDown();
            }
            assertThat(before.get()).hasSize(1);
        }
    }

    @Test
    void one_instance_is_enough_for_many_steps_and_callers() throws Exception {
        workshop.add(
                "double",
                List.of("i"),
                List.of("o"),
                "max_batch_size: 8 dynamic_batching {} instance_group { count: 1 }",
                EnsembleModelTest::twice);
        ensemble(
                step("double", "i:x", "o:a"),
                step("double", "i:x", "o:b"),
                step("double", "i:a", "o:c"),
                step("sum", "i:b", "j:c", "o:y"));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<int[]>> answers =
                    IntStream.range(0, 64)
                            .mapToObj(i ->
                                    callers.submit(() ->
                                            intsOf(
                                                    workshop.ask("e", List.of(row("x", i, -i)))
                                                            .getFirst())))
                            .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).containsExactly(6 * i, -6 * i);
            }
        }
        assertThat(workshop.statistics("double").success().count()).isEqualTo(3 * 64);
        assertThat(workshop.statistics("double").rows()).isEqualTo(3 * 64);
    }

    @Test
    void runs_only_what_is_asked_for() {
        workshop.addEnsemble(
                "e",
                TENSORS
                        + "output { name: 'z' data_type: TYPE_INT32 dims: [ 2 ] } "
                        + "ensemble_scheduling {"
                        + step("double", "i:x", "o:y")
                        + step("sum", "i:x", "j:x", "o:z")
                        + "}");
        List<Tensor> outputs = workshop.ask("e", List.of(row("x", 1, 2)), "z");
        assertThat(outputs).extracting(Tensor::name).containsExactly("z");
        assertThat(workshop.statistics("double").success().count()).isZero();
        assertThat(workshop.ask("e", List.of(row("x", 1, 2)), "z", "y"))
                .extracting(Tensor::name)
                .containsExactly("z", "y");
    }

    @Test
    void a_failure_names_its_step_and_counts_once() {
        workshop.add(
                "picky",
                List.of("i"),
                List.of("o"),
                "max_batch_size: 8",
                given -> {
                    throw new TidemillException(ErrorCode.INVALID_REQUEST, "i: 'odd'");
                });
        ensemble(
                step("double", "i:x", "o:a"),
                step("picky", "i:a", "o:b"),
                step("sum", "i:b", "j:a", "o:y"));
        assertThatThrownBy(() -> workshop.ask("e", List.of(row("x", 1, 2))))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessage("step 2 (picky): i: 'odd'");
        assertThat(workshop.statistics("double").success().count()).isEqualTo(1);
        assertThat(workshop.statistics("picky").fail().count()).isEqualTo(1);
        assertThat(workshop.statistics("sum").fail().count()).isZero();
        // The ensemble's own failure is counted by whoever took the request.
        assertThat(workshop.statistics("e").fail().count()).isZero();
        assertThat(workshop.statistics("e").executions()).isZero();
    }

    @Test
    void a_defect_in_a_step_ends_the_request_too() {
        workshop.add(
                "broken",
                List.of("i"),
                List.of("o"),
                "max_batch_size: 8",
                given -> new int[][] {{given[0][99]}});
        ensemble(
                step("broken", "i:x", "o:a"),
                step("double", "i:x", "o:b"),
                step("sum", "i:a", "j:b", "o:y"));
        assertThatThrownBy(() -> workshop.ask("e", List.of(row("x", 1, 2))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("step 1 (broken)");
    }

    @Test
    void deadlines_and_priorities_travel() {
        workshop.add(
                "double",
                List.of("i"),
                List.of("o"),
                "max_batch_size: 8 dynamic_batching { priority_levels: 2 default_priority_level: 2 }",
                EnsembleModelTest::twice);
        ensemble(step("double", "i:x", "o:y"));
        ServedModel ensemble = workshop.get("e");
        assertThatThrownBy(() ->
                        ensemble.infer(
                                new InferenceCall(
                                        List.of(row("x", 1, 2)),
                                        List.of(),
                                        0,
                                        Duration.ZERO,
                                        System.nanoTime() - 1)))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED))
                .hasMessageStartingWith("step 1 (double): deadline: ");
        // A step has as many levels as it has, whatever callers know.
        assertThat(
                        ensemble.infer(
                                new InferenceCall(
                                        List.of(row("x", 1, 2)),
                                        List.of(),
                                        9,
                                        Duration.ZERO,
                                        InferenceCall.NO_DEADLINE)))
                .hasSize(1);
    }

    @Test
    void says_everything_that_does_not_fit_its_models() {
        workshop.add("small", List.of("i"), List.of("o"), "max_batch_size: 4", given -> given);
        workshop.addEnsemble(
                "e",
                TENSORS
                        + "output { name: 'z' data_type: TYPE_FP32 dims: [ 2 ] } "
                        + "ensemble_scheduling {"
                        + step("small", "i:x", "o:t", "p:u")
                        + step("sum", "i:t", "i2:t", "o:y")
                        + step("double", "i:y", "o:z")
                        + "}");
        assertThat(workshop.get("e").obstacle())
                .contains(
                        "step 1 (small) output_map: 'p' (expected: an output of the model: [o]); "
                                + "max_batch_size: '8' (expected: at most 4, as step 1 (small) takes no more); "
                                + "step 2 (sum) input_map: 'i2' (expected: an input of the model: [i, j]); "
                                + "step 2 (sum) input_map: '' (expected: a tensor for input j); "
                                + "output z: 'INT32 [-1, 2] of tensor z' (expected: FP32 [-1, 2])");
    }

    @Test
    void is_there_only_while_its_models_are() {
        ensemble(step("double", "i:x", "o:t"), step("new", "i:t", "o:y"));
        assertThat(workshop.get("e").obstacle())
                .contains("step 2 (new): model: 'new' (expected: another)");
        assertThatThrownBy(() -> workshop.ask("e", List.of(row("x", 1, 2))))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        workshop.add("new", List.of("i"), List.of("o"), "max_batch_size: 8", given -> given);
        assertThat(workshop.get("e").obstacle()).isEmpty();
        assertThat(intsOf(workshop.ask("e", List.of(row("x", 1, 2))).getFirst()))
                .containsExactly(2, 4);
        workshop.add(
                "new", List.of("i"), List.of("o"), "max_batch_size: 8", EnsembleModelTest::twice);
        assertThat(intsOf(workshop.ask("e", List.of(row("x", 1, 2))).getFirst()))
                .containsExactly(4, 8);
        workshop.add("new", List.of("other"), List.of("o"), "max_batch_size: 8", given -> given);
        assertThat(workshop.get("e").obstacle()).isPresent();
    }

    @Test
    void ensembles_of_ensembles_work_and_circles_do_not() {
        ensemble(step("double", "i:x", "o:y"));
        workshop.addEnsemble(
                "outer",
                TENSORS
                        + "ensemble_scheduling {"
                        + "step { model_name: 'e' input_map { key: 'x' value: 'x' } output_map { key: 'y' value: 't' } } "
                        + step("double", "i:t", "o:y")
                        + "}");
        assertThat(intsOf(workshop.ask("outer", List.of(row("x", 1, 2))).getFirst()))
                .containsExactly(4, 8);
        workshop.addEnsemble(
                "e",
                TENSORS
                        + "ensemble_scheduling { step { model_name: 'outer' input_map { key: 'x' value: 'x' } output_map { key: 'y' value: 'y' } } }");
        assertThat(workshop.get("e").obstacle())
                .contains("'e -> outer -> e' (expected: no circle)");
        assertThatThrownBy(() -> workshop.ask("outer", List.of(row("x", 1, 2))))
                .hasMessage("'outer -> e -> outer' (expected: no circle)");
    }

    @Test
    void counts_the_whole_as_one_run() {
        ensemble(step("double", "i:x", "o:t"), step("double", "i:t", "o:y"));
        workshop.ask("e", List.of(row("x", 1, 2, 3, 4, 5, 6)));
        assertThat(workshop.statistics("e").executions()).isEqualTo(1);
        assertThat(workshop.statistics("e").rows()).isEqualTo(3);
        assertThat(workshop.statistics("double").executions()).isEqualTo(2);
    }

    private void ensemble(String... steps) {
        workshop.addEnsemble(
                "e", TENSORS + "ensemble_scheduling {" + String.join(" ", steps) + "}");
    }

    private static int[][] twice(int[][] given) {
        int[] doubled = given[0].clone();
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] *= 2;
        }
        return new int[][] {doubled};
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
