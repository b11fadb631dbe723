package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuantityWritingTest {
    @ParameterizedTest(name = "{0} is written {1}")
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1",
        "1.5, 1500m",
        "0.0004, 0",
        "0.0005, 1m",
        "0.25, 250m",
        "-1.5, -1500m",
        "1e18, 1000000000000000000",
        "123456.789, 123456789m",
        "0.1, 100m",
        "42, 42"
    })
    void amounts_are_written_as_kubernetes_writes_them(double value, String text) {
        assertThat(Quantity.of(value)).isEqualTo(text);
    }

    @Test
    void what_is_written_is_read_back_to_a_thousandth_in_the_shortest_form() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            double value =
                    (random.nextBoolean() ? 1 : -1)
                            * random.nextDouble()
                            * Math.pow(10, random.nextInt(-5, 15));
            String text = Quantity.of(value);
            assertThat(Quantity.parse(text))
                    .as("seed %d, %s", seed, value)
                    .isCloseTo(value, within(0.0005 + Math.abs(value) * 1e-12));
            assertThat(text)
                    .as("seed %d", seed)
                    .matches("-?(0|[1-9]\\d*)m?")
                    .doesNotEndWith("000m");
        }
    }

    @Test
    void more_is_never_written_as_less() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            double low = random.nextDouble(1e6);
            double high = low + random.nextDouble(10);
            assertThat(Quantity.parse(Quantity.of(high)))
                    .as("seed %d, %s and %s", seed, low, high)
                    .isGreaterThanOrEqualTo(Quantity.parse(Quantity.of(low)));
        }
    }
}
