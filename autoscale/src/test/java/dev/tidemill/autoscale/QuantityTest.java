package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantityTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0, 0",
        "3, 3",
        "1.5, 1.5",
        "250m, 0.25",
        "123456789n, 0.123456789",
        "5u, 0.000005",
        "2k, 2000",
        "129M, 129000000",
        "1e3, 1000",
        "1E3, 1000",
        "2E, 2e18",
        "64Ki, 65536",
        "123Mi, 128974848",
        "1.5Gi, 1610612736"
    })
    void amounts_are_read_as_kubernetes_writes_them(String text, double value) {
        assertThat(Quantity.parse(text)).isCloseTo(value, within(1e-12 + value * 1e-12));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                "m",
                "i",
                "Mi",
                "1ki",
                "1 Mi",
                "x1",
                "1mm",
                "NaN",
                "Infinity",
                "0x1p3",
                "1d"
            })
    void anything_else_is_no_amount(String text) {
        assertThat(Quantity.parse(text)).isNaN();
    }
}
