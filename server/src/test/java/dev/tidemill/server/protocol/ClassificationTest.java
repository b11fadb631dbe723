package dev.tidemill.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClassificationTest {
    @Test
    void keeps_64_bit_integers_apart_that_no_double_tells_apart() {
        assertThat(
                        top(
                                DataType.INT64,
                                9_007_199_254_740_992L,
                                9_007_199_254_740_993L,
                                Long.MIN_VALUE))
                .containsExactly(
                        "9007199254740993:1", "9007199254740992:0", "-9223372036854775808:2");
    }

    @Test
    void takes_the_highest_unsigned_integers_for_the_largest() {
        assertThat(top(DataType.UINT64, 1, -1, -2))
                .containsExactly("18446744073709551615:1", "18446744073709551614:2", "1:0");
    }

    private static List<String> top(DataType type, long... values) {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            data.putLong(value);
        }
        Tensor tensor = new Tensor.Numeric("y", type, new long[] {1, values.length}, data.flip());
        return Classification.top(tensor, 5, List.of(), true).values().stream()
                .map(text -> new String(text, StandardCharsets.UTF_8))
                .toList();
    }
}
