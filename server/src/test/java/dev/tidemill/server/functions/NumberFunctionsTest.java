package dev.tidemill.server.functions;

import static dev.tidemill.server.functions.ScoreFunctionsTest.longsOf;
import static dev.tidemill.testkit.Tensors.bytesOf;
import static dev.tidemill.testkit.Tensors.floats;
import static dev.tidemill.testkit.Tensors.floatsOf;
import static dev.tidemill.testkit.Tensors.ints;
import static dev.tidemill.testkit.Tensors.intsOf;
import static dev.tidemill.testkit.Tensors.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NumberFunctionsTest {
    @Test
    void fractions_are_cut_and_held_within_the_range_of_integers() {
        Tensor given = floats("input", new long[] {1, 6}, 1.9f, -1.9f, 300, -300, Float.NaN, 1e30f);
        assertThat(bytesOf(cast("FP32", "UINT8", given))).containsExactly(1, 0, 255, 0, 0, 255);
        assertThat(bytesOf(cast("FP32", "INT8", given))).containsExactly(1, -1, 127, -128, 0, 127);
        assertThat(intsOf(cast("FP32", "TYPE_INT32", given)))
                .containsExactly(1, -1, 300, -300, 0, Integer.MAX_VALUE);
        assertThat(longsOf(cast("FP32", "UINT64", given))).containsExactly(1, 0, 300, 0, 0, -1);
        assertThat(bytesOf(cast("FP32", "BOOL", given))).containsExactly(1, 1, 1, 1, 1, 1);
    }

    @Test
    void between_integers_the_lowest_bits_stay() {
        Tensor given = ints("input", new long[] {1, 3}, 300, -1, 0);
        assertThat(bytesOf(cast("INT32", "UINT8", given))).containsExactly(44, 255, 0);
        assertThat(longsOf(cast("INT32", "INT64", given))).containsExactly(300, -1, 0);
        assertThat(bytesOf(cast("INT32", "BOOL", given))).containsExactly(1, 1, 0);
        assertThat(longsOf(cast("UINT32", "INT64", retyped(given, DataType.UINT32))))
                .containsExactly(300, 0xffff_ffffL, 0);
    }

    @Test
    void large_unsigned_numbers_stay_large() {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(-1).putLong(1L << 63);
        Tensor given = raw("input", DataType.UINT64, new long[] {1, 2}, data.array());
        assertThat(floatsOf(cast("UINT64", "FP32", given))).containsExactly(0x1p64f, 0x1p63f);
        Tensor back = floats("input", new long[] {1, 1}, 0x1p63f);
        assertThat(longsOf(cast("FP32", "UINT64", back))).containsExactly(Long.MIN_VALUE);
    }

    @Test
    void halves_and_brain_floats_are_rounded_to_even() {
        Tensor given = floats("input", new long[] {1, 2}, 1 + 0x1p-8f, Float.NaN);
        byte[] brain = bytesOf(cast("FP32", "BF16", given));
        assertThat(brain).startsWith(0x80, 0x3f);
        Tensor again = cast("BF16", "FP32", raw("input", DataType.BF16, new long[] {1, 2}, brain));
        assertThat(floatsOf(again)).containsExactly(1, Float.NaN);
        Tensor half = cast("FP32", "FP16", floats("input", new long[] {1, 1}, 0.5f));
        assertThat(bytesOf(half)).containsExactly(0, 0x38);
    }

    @Test
    void casts_any_shape_that_is_said() {
        LoadedModel cast =
                Opened.function("cast", "from", "INT32", "to", "FP32", "shape", "-1, 2,3");
        assertThat(cast.inputs().getFirst().shape()).containsExactly(-1L, 2L, 3L);
        assertThatThrownBy(() -> Opened.function("cast", "to", "BYTES"))
                .hasMessage("parameters.to: 'BYTES' (expected: a type of numbers)");
        assertThatThrownBy(() -> Opened.function("cast", "shape", "0"))
                .hasMessage(
                        "parameters.shape: '0' (expected: sizes such as -1,3, with -1 for any)");
    }

    @Test
    void puts_columns_behind_one_another() {
        LoadedModel concat = Opened.function("concat", "count", "3");
        Tensor found =
                concat.run(
                                List.of(
                                        floats("input_0", new long[] {2, 2}, 1, 2, 3, 4),
                                        floats("input_1", new long[] {2, 1}, 5, 6),
                                        floats("input_2", new long[] {2, 1}, 7, 8)))
                        .getFirst();
        assertThat(found.shape()).containsExactly(2, 4);
        assertThat(floatsOf(found)).containsExactly(1, 2, 5, 7, 3, 4, 6, 8);
    }

    @Test
    void puts_rows_behind_one_another_when_asked_to() {
        LoadedModel concat =
                Opened.function("concat", "axis", "-2", "type", "INT32", "shape", "-1,2");
        Tensor found =
                concat.run(
                                List.of(
                                        ints("input_0", new long[] {1, 2}, 1, 2),
                                        ints("input_1", new long[] {2, 2}, 3, 4, 5, 6)))
                        .getFirst();
        assertThat(found.shape()).containsExactly(3, 2);
        assertThat(intsOf(found)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() ->
                        Opened.function("concat")
                                .run(
                                        List.of(
                                                floats("input_0", new long[] {1, 1}, 1),
                                                floats("input_1", new long[] {2, 1}, 1, 2))))
                .isInstanceOf(TidemillException.class)
                .hasMessage("input input_1: shape: '[2, 1]' (expected: [1, 1] but for axis 1)");
    }

    private static Tensor cast(String from, String to, Tensor given) {
        LoadedModel cast = Opened.function("cast", "from", from, "to", to);
        return cast.run(List.of(given)).getFirst();
    }

    private static Tensor retyped(Tensor given, DataType type) {
        return raw(given.name(), type, given.shape(), bytesOf(given));
    }
}
