package dev.tidemill.runtimes.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DataTypeTest {
    private final ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BYTES")
    void a_number_that_is_written_is_read_again(DataType type) {
        type.put(data, 1);

        assertThat(data.position()).isEqualTo(type.byteWidth());
        assertThat(type.get(data.flip())).isEqualTo(1);
        assertThat(data.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"UINT8", "UINT16", "UINT32"})
    void all_bits_of_an_unsigned_type_are_its_largest_number(DataType type) {
        data.putLong(0, -1);

        assertThat(type.get(data)).isEqualTo(Math.pow(2, 8 * type.byteWidth()) - 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"INT8", "INT16", "INT32", "INT64"})
    void all_bits_of_a_signed_type_are_minus_one(DataType type) {
        data.putLong(0, -1);

        assertThat(type.get(data)).isEqualTo(-1);
    }

    @Test
    void the_largest_integers_are_rounded_to_the_nearest_fraction() {
        data.putLong(0, -1);
        assertThat(DataType.UINT64.get(data.rewind())).isEqualTo(0x1p64);
        data.putLong(0, 0x8000_0000_0000_0401L);
        assertThat(DataType.UINT64.get(data.rewind())).isEqualTo(0x1p63 + 2048);
    }

    @Test
    void a_text_is_no_number() {
        assertThatThrownBy(() -> DataType.BYTES.get(data)).hasMessageContaining("BYTES");
    }
}
