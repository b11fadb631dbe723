package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RequirementsTest {
    private static final List<String> PINNED =
            List.of(
                    "skl2onnx==1",
                    "scikit-learn==9; python_version >= \"3.11\"",
                    "numpy==2",
                    "pandas==3");

    @Test
    void a_file_that_names_no_version_gets_the_pinned_one() {
        Requirements chosen = Requirements.choose(ModelKind.SKLEARN, Inspection.NONE, PINNED);
        assertThat(chosen.lines()).isEqualTo(PINNED);
        assertThat(chosen.why()).isEmpty();
    }

    @Test
    void a_file_is_read_by_the_version_that_wrote_it() {
        Requirements chosen = choose("1.5.2");
        assertThat(chosen.lines())
                .containsExactly("skl2onnx==1", "pandas==3", "scikit-learn==1.5.2");
        assertThat(chosen.why()).contains("1.5.2");
    }

    @Test
    void releases_before_numpy_2_get_numpy_1() {
        assertThat(choose("1.3.0").lines())
                .contains("scikit-learn==1.3.0", "numpy==1.26.4")
                .doesNotContain("pandas==3", "numpy==2");
    }

    @ParameterizedTest
    @CsvSource({
        "1.1.3, 3.9 to 3.11",
        "1.2.2, 3.9 to 3.11",
        "1.4.1.post1, 3.9 to 3.12",
        "1.6.1, 3.9 to 3.13",
        "1.7.2, 3.10 to 3.13",
        "1.9.1, 3.11 to 3.13",
        "2.0.0, 3.11 to 3.13"
    })
    void the_version_decides_which_pythons_go(String version, String range) {
        assertThat(choose(version).pythons()).hasToString(range);
    }

    @Test
    void what_is_too_old_for_the_converter_says_so() {
        assertThatThrownBy(() -> choose("0.24.2"))
                .hasMessageContaining("written by scikit-learn 0.24.2")
                .hasMessageContaining("1.1 or newer");
    }

    @Test
    void a_version_that_is_none_cannot_smuggle_anything_into_the_list() {
        assertThat(choose("1.5.2\n--index-url=http://x").lines()).isEqualTo(PINNED);
        assertThat(choose("1.5 @ http://x").lines()).isEqualTo(PINNED);
    }

    @ParameterizedTest
    @EnumSource
    void every_kind_comes_with_pinned_packages_and_names_no_index(ModelKind kind) {
        assertThat(Requirements.pinned(kind))
                .isNotEmpty()
                .allMatch(line -> line.contains("=="))
                .noneMatch(line -> line.startsWith("-") || line.contains("://"));
    }

    private static Requirements choose(String version) {
        return Requirements.choose(
                ModelKind.SKLEARN, new Inspection("pickle", version, List.of()), PINNED);
    }
}
