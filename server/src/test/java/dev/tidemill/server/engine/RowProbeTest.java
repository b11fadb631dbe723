package dev.tidemill.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.testkit.FakeModel;
import dev.tidemill.testkit.Tensors;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RowProbeTest {
    private static final TensorSpec X = new TensorSpec("x", DataType.FP32, List.of(-1L, 2L));
    private static final TensorSpec Y = new TensorSpec("y", DataType.FP32, List.of(-1L));

    @Test
    void rows_that_are_worked_on_one_by_one_may_be_joined() {
        assertThat(RowProbe.obstacle(model(RowProbeTest::sums))).isEmpty();
    }

    @Test
    void rows_that_look_at_each_other_may_not() {
        assertThat(RowProbe.obstacle(model(RowProbeTest::sharesOfTheWhole)))
                .hasValue("output y of a row depends on the other rows");
    }

    @Test
    void neither_may_rows_that_come_out_as_fewer() {
        assertThat(
                        RowProbe.obstacle(
                                model(inputs -> List.of(Tensors.floats("y", new long[] {1}, 1)))))
                .hasValue("output y has not one row for each of the input");
    }

    @Test
    void a_model_that_refuses_what_was_made_up_is_left_alone() {
        assertThat(
                        RowProbe.obstacle(
                                model(inputs -> {
                                    throw new TidemillException(
                                            ErrorCode.INVALID_REQUEST, "not this");
                                })))
                .hasValue("it refuses made-up inputs: not this");
    }

    private static FakeModel model(UnaryOperator<List<Tensor>> work) {
        return new FakeModel(List.of(X), List.of(Y), work);
    }

    private static List<Tensor> sums(List<Tensor> inputs) {
        float[] values = Tensors.floatsOf(inputs.getFirst());
        float[] sums = new float[values.length / 2];
        for (int row = 0; row < sums.length; row++) {
            sums[row] = values[2 * row] + values[2 * row + 1];
        }
        return List.of(Tensors.floats("y", new long[] {sums.length}, sums));
    }

    private static List<Tensor> sharesOfTheWhole(List<Tensor> inputs) {
        float[] sums = Tensors.floatsOf(sums(inputs).getFirst());
        float whole = 10;
        for (float sum : sums) {
            whole += sum;
        }
        for (int row = 0; row < sums.length; row++) {
            sums[row] /= whole;
        }
        return List.of(Tensors.floats("y", new long[] {sums.length}, sums));
    }
}
