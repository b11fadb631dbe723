package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PythonChoiceTest {
    private static final PythonProbe OLD =
            PythonProbe.usable("/a/python3", new PythonVersion(3, 8));
    private static final PythonProbe FINE =
            PythonProbe.usable("/b/python3", new PythonVersion(3, 11));
    private static final PythonProbe NEWER =
            PythonProbe.usable("/c/python3", new PythonVersion(3, 12));
    private static final PythonProbe BROKEN = PythonProbe.useless("/d/python3", "does not run");
    private static final PythonRange RANGE = new PythonRange(9, 13);

    @Test
    void the_first_in_the_range_is_taken() {
        assertThat(PythonChoice.pick(List.of(OLD, BROKEN, FINE, NEWER), RANGE, "x"))
                .isEqualTo(FINE);
    }

    @Test
    void without_one_everything_that_was_tried_is_named() {
        assertThatThrownBy(() -> PythonChoice.pick(List.of(OLD, BROKEN), RANGE, "the converters"))
                .hasMessageContaining("Python 3.9 to 3.13 for the converters")
                .hasMessageContaining("tried /a/python3: Python 3.8")
                .hasMessageContaining("tried /d/python3: does not run");
    }

    @Test
    void without_any_candidate_that_is_said() {
        assertThatThrownBy(() -> PythonChoice.pick(List.of(), RANGE, "x"))
                .hasMessageContaining("nothing named python3 is on the PATH");
    }

    @Test
    void another_major_version_is_never_in_the_range() {
        assertThat(RANGE.contains(new PythonVersion(2, 11))).isFalse();
        assertThat(RANGE.contains(new PythonVersion(4, 10))).isFalse();
    }
}
