package dev.tidemill.guardrails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PatternGuardrailTest {
    @Test
    void finds_what_its_expression_says_from_a_place_on() {
        PatternGuardrail guardrail = new PatternGuardrail("\\bEMP-\\d{4}\\b", 8, "[ID]", "regex");

        assertThat(guardrail.find("EMP-1234 EMP-56789 xEMP-1234 EMP-4321", 0))
                .containsExactly(
                        new Finding(0, 8, "[ID]", "regex"), new Finding(29, 37, "[ID]", "regex"));
        assertThat(guardrail.find("xEMP-1234", 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "a*", "(a)\\1", "(?=a)b", ""})
    void refuses_what_is_no_expression_of_its_kind_or_finds_nothing(String expression) {
        assertThatThrownBy(() -> PatternGuardrail.check(expression))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void no_expression_takes_longer_than_in_proportion_to_the_text() {
        PatternGuardrail guardrail = new PatternGuardrail("(a+)+b", 100, "", "regex");

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(guardrail.find("a".repeat(20_000), 0)).isEmpty());
    }
}
