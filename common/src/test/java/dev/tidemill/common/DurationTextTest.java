package dev.tidemill.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationTextTest {
    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "30s,PT30S", "5m,PT5M", "1h30m,PT1H30M", "1d,PT24H", "0s,PT0S"})
    void reads_durations_as_people_write_them(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-5s", "1.5s", "5 s", "5 lightyears", "PT5S", "5s!"})
    void refuses_anything_else_and_says_what_it_wants(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' (expected: a duration such as");
    }

    @ParameterizedTest
    @CsvSource({"PT0.85S,850 ms", "PT12.34S,12.3 s", "PT4M10S,4 min 10 s"})
    void prints_durations_for_people(Duration duration, String text) {
        assertThat(DurationText.format(duration)).isEqualTo(text);
    }
}
