package dev.tidemill.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

final class ProblemsTest {
    @Test
    void all_problems_are_told_at_once_one_a_line() {
        Problems problems = new Problems();
        problems.add(new Problem("a.yaml:3", "Model/m spec.scaling.min", "-1", "0 or more"));
        problems.add(new Problem("", "port", "x", "a number"));
        TidemillException thrown =
                catchThrowableOfType(TidemillException.class, problems::throwIfAny);
        assertThat(thrown.code()).isEqualTo(ErrorCode.INVALID_SPEC);
        assertThat(thrown)
                .hasMessage(
                        """
                        a.yaml:3: Model/m spec.scaling.min: '-1' (expected: 0 or more)
                        port: 'x' (expected: a number)\
                        """);
    }

    @Test
    void no_problem_is_no_exception() {
        assertThatCode(() -> new Problems().throwIfAny()).doesNotThrowAnyException();
    }

    @Test
    void a_long_or_unprintable_value_is_shown_short_and_harmless() {
        Problem problem = new Problem("", "p", "\u001b[2J" + "x".repeat(200), "text");
        assertThat(problem.toString()).startsWith("p: '?[2Jxxx").endsWith("...' (expected: text)");
        assertThat(problem.toString().length()).isLessThan(120);
    }
}
