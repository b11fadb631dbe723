package dev.tidemill.server.protocol.tfserving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.tfserving.PredictRequest.Form;
import dev.tidemill.server.protocol.tfserving.TensorCursor.NotFinite;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PredictWriterTest {
    @Test
    void writes_rows_with_a_name_only_where_there_are_several_outputs() {
        Tensor y = floats("y", new long[] {2, 2}, 1f, 0.2f, Float.NaN, Float.NEGATIVE_INFINITY);
        Tensor z = text("z", "a", "b");

        assertThat(rows(y)).isEqualTo("{\"predictions\":[[1.0,0.2],[NaN,-Infinity]]}");
        assertThat(rows(y, z))
                .isEqualTo(
                        "{\"predictions\":[{\"y\":[1.0,0.2],\"z\":\"a\"},{\"y\":[NaN,-Infinity],\"z\":\"b\"}]}");
    }

    @Test
    void writes_columns() {
        Tensor y = floats("y", new long[] {1, 2}, 1f, 2f);

        assertThat(columns(y)).isEqualTo("{\"outputs\":[[1.0,2.0]]}");
        assertThat(columns(y, text("z", "a")))
                .isEqualTo("{\"outputs\":{\"y\":[[1.0,2.0]],\"z\":[\"a\"]}}");
        assertThat(columns(floats("y", new long[0], 7f))).isEqualTo("{\"outputs\":7.0}");
    }

    @Test
    void writes_bytes_as_base64_where_the_name_says_so() {
        assertThat(rows(text("image_bytes", "hello")))
                .isEqualTo("{\"predictions\":[{\"b64\":\"aGVsbG8=\"}]}");
        assertThat(rows(text("bytes", "\"ü\n"))).isEqualTo("{\"predictions\":[\"\\\"ü\\n\"]}");
    }

    @Test
    void writes_no_rows_for_none() {
        assertThat(rows(floats("y", new long[] {0, 2}))).isEqualTo("{\"predictions\":[]}");
    }

    @Test
    void writes_integers_of_all_widths_as_they_are() {
        assertThat(rows(numbers(DataType.UINT64, 2, data -> data.putLong(-1).putLong(7))))
                .isEqualTo("{\"predictions\":[18446744073709551615,7]}");
        assertThat(rows(numbers(DataType.UINT8, 1, data -> data.put((byte) -1))))
                .isEqualTo("{\"predictions\":[255]}");
        assertThat(rows(numbers(DataType.BOOL, 2, data -> data.put((byte) 1).put((byte) 0))))
                .isEqualTo("{\"predictions\":[true,false]}");
    }

    @Test
    void refuses_outputs_that_have_no_rows_in_common() {
        Tensor two = floats("y", new long[] {2}, 1f, 2f);
        Tensor one = floats("z", new long[] {1}, 1f);

        assertThatThrownBy(() -> rows(two, one))
                .hasMessage("Tensor name: z has inconsistent batch size: 1 expecting: 2");
        assertThatThrownBy(() -> rows(floats("y", new long[0], 1f)))
                .hasMessage("Tensor name: y has no shape information");
    }

    @Test
    void refuses_what_json_cannot_say() {
        assertThatThrownBy(() -> rows(numbers(DataType.FP16, 1, data -> data.putShort((short) 0))))
                .hasMessage("Failed to write JSON value for tensor type: half");
        assertThatThrownBy(() ->
                        rows(
                                new Tensor.Text(
                                        "y", new long[] {1}, List.of(new byte[] {(byte) 0xff}))))
                .hasMessageContaining("no UTF-8");
    }

    private static String rows(Tensor... outputs) {
        return text(PredictWriter.write(Form.ROWS, Arrays.asList(outputs), NotFinite.WORDS));
    }

    private static String columns(Tensor... outputs) {
        return text(PredictWriter.write(Form.COLUMNS, Arrays.asList(outputs), NotFinite.WORDS));
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static Tensor floats(String name, long[] shape, float... values) {
        ByteBuffer data =
                ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        return new Tensor.Numeric(name, DataType.FP32, shape, data.flip());
    }

    private static Tensor numbers(
            DataType type, int count, java.util.function.Consumer<ByteBuffer> values) {
        ByteBuffer data =
                ByteBuffer.allocateDirect(count * type.byteWidth()).order(ByteOrder.LITTLE_ENDIAN);
        values.accept(data);
        return new Tensor.Numeric("y", type, new long[] {count}, data.flip());
    }

    private static Tensor text(String name, String... values) {
        return new Tensor.Text(
                name,
                new long[] {values.length},
                Arrays.stream(values).map(PredictReaderTest::utf8).toList());
    }
}
