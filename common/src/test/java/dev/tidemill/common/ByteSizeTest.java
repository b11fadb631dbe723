package dev.tidemill.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1024,1024",
        "64k,64000",
        "200Mi,209715200",
        "1Gi,1073741824",
        "2T,2000000000000"
    })
    void reads_sizes_as_kubernetes_writes_them(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Mi", "-1", "1.5Gi", "200 Mi", "200MB", "9223372036854775807Ti", "1K"})
    void refuses_anything_else_and_says_what_it_wants(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' (expected:");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "1023,1023 B",
        "1024,1.0 KiB",
        "10485760,10.0 MiB",
        "9223372036854775807,8.0 EiB"
    })
    void prints_sizes_for_people(long bytes, String text) {
        assertThat(new ByteSize(bytes)).hasToString(text);
    }
}
