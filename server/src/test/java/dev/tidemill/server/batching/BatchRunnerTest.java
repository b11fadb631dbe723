package dev.tidemill.server.batching;

import static dev.tidemill.testkit.Tensors.ints;
import static dev.tidemill.testkit.Tensors.intsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.batching.BatchPlan.Reason;
import dev.tidemill.server.modelconfig.DynamicBatching;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BatchRunnerTest {
    private final List<BatchRecord> records = new ArrayList<>();
    private long now = 100;

    @Test
    void each_member_gets_its_own_rows_and_the_run_is_told() {
        BatchRunner runner =
                runner(inputs -> {
                    now += 40;
                    return doubled(inputs);
                });
        Waiting one = waiting(1, 2);
        Waiting two = waiting(3);
        now = 110;

        runner.run(batch(one, two));

        assertThat(intsOf(one.result().getFirst())).containsExactly(2, 4);
        assertThat(intsOf(two.result().getFirst())).containsExactly(6);
        assertThat(records)
                .containsExactly(
                        new BatchRecord(110, 2, 3, Reason.ALL_THAT_WAITED, 10, 20, 0, 40, 0));
        assertThat(runner.typicalRun()).isEqualTo(40);
    }

    @Test
    void the_typical_run_follows_slowly() {
        long[] takes = {800, 0};
        BatchRunner runner =
                runner(inputs -> {
                    now += takes[0];
                    return doubled(inputs);
                });
        runner.run(batch(waiting(1)));
        takes[0] = 1_600;
        runner.run(batch(waiting(1)));

        assertThat(runner.typicalRun()).isEqualTo(900);
    }

    @Test
    void after_a_refusal_each_is_run_alone() {
        BatchRunner runner =
                runner(inputs -> {
                    int[] values = intsOf(inputs.getFirst());
                    if (Arrays.stream(values).anyMatch(value -> value < 0)) {
                        throw new TidemillException(ErrorCode.INVALID_REQUEST, "negative");
                    }
                    now += 40;
                    return doubled(inputs);
                });
        Waiting good = waiting(1);
        Waiting bad = waiting(-1);

        runner.run(batch(good, bad));

        assertThat(intsOf(good.result().getFirst())).containsExactly(2);
        assertThatThrownBy(bad::result).hasMessage("negative");
        assertThat(records)
                .containsExactly(new BatchRecord(100, 1, 1, Reason.ALONE_AGAIN, 0, 0, 0, 40, 0));
    }

    @Test
    void a_defect_that_one_callers_row_shows_is_not_the_others_failure() {
        BatchRunner runner =
                runner(inputs -> {
                    int[] values = intsOf(inputs.getFirst());
                    return List.of(
                            ints(
                                    "y",
                                    new long[] {values.length},
                                    Arrays.stream(values).map(value -> 8 / value).toArray()));
                });
        Waiting good = waiting(2);
        Waiting bad = waiting(0);

        runner.run(batch(good, bad));

        assertThat(intsOf(good.result().getFirst())).containsExactly(4);
        assertThatThrownBy(bad::result).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void an_output_in_the_memory_of_the_joined_inputs_outlives_the_run() {
        BatchRunner runner = runner(inputs -> inputs);
        Waiting one = waiting(1, 2);
        Waiting two = waiting(3);
        runner.run(batch(one, two));

        runner.run(batch(waiting(7), waiting(8, 9)));

        assertThat(intsOf(one.result().getFirst())).containsExactly(1, 2);
        assertThat(intsOf(two.result().getFirst())).containsExactly(3);
    }

    @Test
    void an_interrupt_of_the_one_who_leads_is_no_others_failure_and_is_not_lost() {
        BatchRunner runner =
                runner(inputs -> {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new IllegalStateException("interrupted");
                    }
                    return doubled(inputs);
                });
        Waiting one = waiting(1);
        Waiting two = waiting(2);
        Thread.currentThread().interrupt();

        runner.run(batch(one, two));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(intsOf(one.result().getFirst())).containsExactly(2);
        assertThat(intsOf(two.result().getFirst())).containsExactly(4);
        assertThat(records).extracting(BatchRecord::requests).containsExactly(2);
    }

    @Test
    void an_interrupt_during_the_run_is_no_others_failure_either() {
        List<Integer> runs = new ArrayList<>();
        BatchRunner runner =
                runner(inputs -> {
                    runs.add(intsOf(inputs.getFirst()).length);
                    if (runs.size() == 1) {
                        Thread.currentThread().interrupt();
                    }
                    if (Thread.currentThread().isInterrupted()) {
                        throw new IllegalStateException("interrupted");
                    }
                    return doubled(inputs);
                });
        Waiting one = waiting(1);
        Waiting two = waiting(2);

        runner.run(batch(one, two));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(runs).containsExactly(2, 1, 1);
        assertThat(intsOf(one.result().getFirst())).containsExactly(2);
        assertThat(intsOf(two.result().getFirst())).containsExactly(4);
    }

    @Test
    void waiting_for_a_thread_is_no_part_of_the_run() {
        BatchRunner runner =
                runner(
                        new BatchScheduler.Work() {
                            @Override
                            public List<Tensor> run(List<Tensor> inputs) {
                                throw new AssertionError("the other one is asked");
                            }

                            @Override
                            public List<Tensor> run(List<Tensor> inputs, BatchScheduler.Turn turn) {
                                now += 30;
                                turn.begins(now);
                                now += 40;
                                return doubled(inputs);
                            }
                        });
        Waiting one = waiting(1);
        Waiting two = waiting(2);
        now = 110;

        runner.run(batch(one, two));
        Waiting three = waiting(3);
        runner.run(batch(three));

        assertThat(one.waited()).isEqualTo(40);
        assertThat(two.waited()).isEqualTo(40);
        assertThat(three.waited()).isEqualTo(30);
        assertThat(records)
                .containsExactly(
                        new BatchRecord(110, 2, 2, Reason.ALL_THAT_WAITED, 40, 80, 0, 40, 0),
                        new BatchRecord(180, 1, 1, Reason.ALL_THAT_WAITED, 30, 30, 0, 40, 0));
        assertThat(runner.typicalRun()).isEqualTo(40);
    }

    @Test
    void a_defect_is_everybodys_failure() {
        BatchRunner runner =
                runner(_ -> {
                    throw new IllegalStateException("broken");
                });
        Waiting one = waiting(1);
        Waiting two = waiting(2);

        runner.run(batch(one, two));

        assertThatThrownBy(one::result).hasMessage("broken");
        assertThatThrownBy(two::result).hasMessage("broken");
    }

    @Test
    void an_error_leaves_nobody_waiting_and_is_passed_on() {
        BatchRunner runner =
                runner(_ -> {
                    throw new StackOverflowError("deep");
                });
        Waiting only = waiting(1);

        assertThatThrownBy(() -> runner.run(batch(only))).isInstanceOf(StackOverflowError.class);
        assertThatThrownBy(only::result).hasRootCauseInstanceOf(StackOverflowError.class);
    }

    private BatchRunner runner(BatchScheduler.Work work) {
        return new BatchRunner(work, records::add, () -> now);
    }

    private Waiting waiting(int... values) {
        return new Arrivals(DynamicBatching.DEFAULT)
                .waiting(
                        List.of(ints("x", new long[] {values.length}, values)),
                        values.length,
                        "shape",
                        QueueTerms.NONE,
                        now);
    }

    private static Waiting.Batch batch(Waiting... members) {
        return new Waiting.Batch(
                List.of(members),
                Stream.of(members).mapToInt(Waiting::rows).sum(),
                Reason.ALL_THAT_WAITED,
                0,
                true);
    }

    private static List<Tensor> doubled(List<Tensor> inputs) {
        int[] values = Arrays.stream(intsOf(inputs.getFirst())).map(value -> 2 * value).toArray();
        return List.of(ints("y", new long[] {values.length}, values));
    }
}
