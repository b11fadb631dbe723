package dev.tidemill.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShortDecimalTest {
    @ParameterizedTest
    @CsvSource({
        "0.5, 0.5",
        "-1.9999, -1.9999",
        "0.1, 0.1",
        "17, 17",
        "-0.0, -0.0",
        "9007199254740.991, 9007199254740.991"
    })
    void reads_numbers_of_few_digits(String text, double value) {
        assertThat(parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e3", "NaN", "Infinity", "0.12345678901234567", "900719925474.0993"})
    void leaves_the_others_to_the_platform(String text) {
        assertThat(parse(text)).isNaN();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 4_444})
    void agrees_with_the_platform(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            String text = "%s%d.%0" + random.nextInt(1, 12) + "d";
            text =
                    text.formatted(
                            random.nextBoolean() ? "-" : "",
                            random.nextLong(1L << random.nextInt(1, 40)),
                            random.nextInt(1_000_000));
            double value = parse(text);
            if (!Double.isNaN(value)) {
                assertThat(value).as("%s, seed %d", text, seed).isEqualTo(Double.parseDouble(text));
                if (ShortDecimal.isNearestFloat(Math.abs(value))) {
                    assertThat((float) value)
                            .as("%s, seed %d", text, seed)
                            .isEqualTo(Float.parseFloat(text));
                }
            }
        }
    }

    /// Read as a double they are exactly half way between two floats, and rounding again would go
    /// to the even one.
    @ParameterizedTest
    @ValueSource(strings = {"1.0000000596046448", "16777217.000000001"})
    void does_not_round_twice(String text) {
        double value = Double.parseDouble(text);
        assertThat(ShortDecimal.isNearestFloat(value)).isFalse();
    }

    private static double parse(String text) {
        char[] padded = ("x" + text + "y").toCharArray();
        return ShortDecimal.parse(padded, 1, text.length());
    }
}
