package dev.tidemill.scaling.keda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FormulaTest {
    private static final Map<String, Double> TRIGGERS =
            Map.of("a", 3.0, "b", 4.0, "zero", 0.0, "gone", Double.NaN);

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "1 + 2 * 3 # 7",
                "(1 + 2) * 3 # 9",
                "a - b - 1 # -2",
                "-a ** 2 # 9",
                "2 ** 3 ** 2 # 512",
                "17 % 5 # 2",
                "max(a, b) + min([a, b]) # 7",
                "sum(a, b, 1) / count([a, zero, b]) # 4",
                "median(1, 9, 3) # 3",
                "median(1, 9, 3, 5) # 4",
                "avg(a, b) # 3.5",
                "a > 2 && b < 2 ? 10 : 20 # 20",
                "a > 2 || b < 2 ? 10 : 20 # 10",
                "!zero # 1",
                "gone ?? 7 # 7",
                "a ?? 7 # 3",
                "(gone + 1) ?? b # 4",
                "ceil(a / 2) + floor(b / 3) + round(1.4) + abs(-1) # 5",
                "true ? a : b # 3",
                "nil ?? 2 # 2"
            })
    void a_formula_has_its_value(String formula, double value) {
        assertThat(of(formula)).isEqualTo(value);
    }

    @Test
    void whatever_is_made_of_a_failed_trigger_is_nil() {
        assertThat(of("gone + 1")).isNaN();
        assertThat(of("max(a, gone)")).isNaN();
        assertThat(of("gone > 1 ? 1 : 2")).isNaN();
        assertThat(of("median(a, gone)")).isNaN();
        assertThat(of("unknown")).isNaN();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1 +", "(1", "1 2", "max(1", "a ? 1", "nosuch(1)", "1..2", "a ! b", "$"})
    void what_makes_no_sense_is_refused_with_its_position(String formula) {
        assertThatThrownBy(() -> Formula.parse(formula))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("formula: '" + formula + "' at ")
                .hasMessageContaining("expected: ");
    }

    @Test
    void brackets_without_end_are_refused_before_the_stack_is() {
        assertThatThrownBy(() -> Formula.parse("(".repeat(100_000)))
                .hasMessageContaining("fewer parts");
        assertThatThrownBy(() -> Formula.parse("-".repeat(100_000) + "1"))
                .hasMessageContaining("fewer parts");
        assertThatThrownBy(() -> Formula.parse("1" + "**1".repeat(100_000)))
                .hasMessageContaining("fewer parts");
    }

    private static double of(String formula) {
        return Formula.parse(formula).of(name -> TRIGGERS.getOrDefault(name, Double.NaN));
    }
}
