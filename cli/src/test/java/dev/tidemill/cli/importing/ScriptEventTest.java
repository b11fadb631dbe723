package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptEventTest {
    @Test
    void a_difference_is_read_with_all_its_numbers() {
        assertThat(
                        ScriptEvent.parse(
                                "{\"event\":\"difference\",\"output\":\"p\",\"batch\":7,\"elements\":14,\"maxAbs\":1e-7,\"maxRel\":2e-6,\"worst\":1e-7,\"mismatches\":3}"))
                .contains(
                        new ScriptEvent.Compared(
                                new Difference("p", 7, 14, 1e-7, 2e-6, 1e-7, 3, "")));
    }

    @Test
    void a_difference_without_numbers_is_none_that_could_agree() {
        assertThat(ScriptEvent.parse("{\"event\":\"difference\",\"output\":\"p\"}"))
                .get()
                .matches(event ->
                        event instanceof ScriptEvent.Compared(Difference difference)
                                && Double.isNaN(difference.worst()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Loading weights", "{", "{}", "[1]", "{\"event\":\"new\"}"})
    void other_lines_are_none_of_ours(String line) {
        assertThat(ScriptEvent.parse(line)).isEmpty();
    }
}
