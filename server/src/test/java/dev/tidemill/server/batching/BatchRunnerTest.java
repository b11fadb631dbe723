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
                    return doubled(inputs);
                });
        Waiting good = waiting(1);
        Waiting bad = waiting(-1);

        runner.run(batch(good, bad));

        assertThat(intsOf(good.result().getFirst())).containsExactly(2);
        assertThatThrownBy(bad::result).hasMessage("negative");
        assertThat(records).isEmpty();
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
                Reason.ALL_THAT_WAITED);
    }

    private static List<Tensor> doubled(List<Tensor> inputs) {
        int[] values = Arrays.stream(intsOf(inputs.getFirst())).map(value -> 2 * value).toArray();
        return List.of(ints("y", new long[] {values.length}, values));
    }
}
