package dev.tidemill.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.runtimes.spi.DataType;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

final class JsonElementsTest {
    @ParameterizedTest
    @CsvSource({
        "BOOL, true",
        "UINT8, 255",
        "UINT16, 65535",
        "UINT32, 4294967295",
        "UINT64, 18446744073709551615",
        "INT8, -1",
        "INT16, -1",
        "INT32, -1",
        "INT64, -1",
        "FP32, NaN",
        "FP64, NaN"
    })
    void all_bits_set_are_what_the_type_says(DataType type, String json) {
        assertThat(written(type, -1)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({
        "BOOL, false",
        "UINT8, 0",
        "UINT16, 0",
        "UINT32, 0",
        "UINT64, 0",
        "INT8, 0",
        "INT16, 0",
        "INT32, 0",
        "INT64, 0",
        "FP32, 0.0",
        "FP64, 0.0"
    })
    void no_bits_are_zero(DataType type, String json) {
        assertThat(written(type, 0)).isEqualTo(json);
    }

    @Test
    void sixteen_bit_fractions_and_texts_are_all_that_cannot_be_written() {
        assertThat(
                        EnumSet.allOf(DataType.class).stream()
                                .filter(type -> !JsonElements.canWrite(type)))
                .containsExactly(DataType.FP16, DataType.BF16, DataType.BYTES);
    }

    private static String written(DataType type, long bits) {
        ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, bits);
        StringWriter text = new StringWriter();
        try (JsonGenerator json =
                JsonFactory.builder()
                        .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                        .build()
                        .createGenerator(ObjectWriteContext.empty(), text)) {
            JsonElements.next(json, type, data);
        }
        assertThat(data.position()).isEqualTo(type.byteWidth());
        return text.toString();
    }
}
