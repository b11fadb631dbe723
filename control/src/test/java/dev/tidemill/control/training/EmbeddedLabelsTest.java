package dev.tidemill.control.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EmbeddedLabelsTest {
    private static final TensorSpec SCORES = new TensorSpec("p", DataType.FP32, List.of(-1L, 2L));

    @Test
    void a_file_that_says_nothing_has_no_labels() {
        assertThat(EmbeddedLabels.in(Map.of(), List.of(SCORES)).labels()).isEmpty();
    }

    @Test
    void labels_and_scores_come_from_the_file() {
        ModelManifest manifest = EmbeddedLabels.in(said("[\"no\",\"是\"]", "p"), List.of(SCORES));
        assertThat(manifest.labels()).containsExactly("no", "是");
        assertThat(manifest.scores()).isEqualTo("p");
    }

    @Test
    void labels_without_scores_are_kept() {
        assertThat(EmbeddedLabels.in(said("[\"a\"]", ""), List.of(SCORES)).labels())
                .containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "[1]", "[\"a\"", "null", "[[\"a\"]]"})
    void what_is_no_list_of_texts_is_refused(String labels) {
        assertThatThrownBy(() -> EmbeddedLabels.in(said(labels, ""), List.of(SCORES)))
                .hasMessageContaining("tidemill.labels");
    }

    @Test
    void scores_must_be_an_output_with_a_column_a_label() {
        assertThatThrownBy(() -> EmbeddedLabels.in(said("[\"a\",\"b\"]", "q"), List.of(SCORES)))
                .hasMessageContaining("an output of 2 columns");
        assertThatThrownBy(() -> EmbeddedLabels.in(said("[\"a\"]", "p"), List.of(SCORES)))
                .hasMessageContaining("an output of 1 columns");
    }

    @Test
    void a_model_that_gives_labels_itself_gets_no_second_ones() {
        TensorSpec label = new TensorSpec("label", DataType.INT64, List.of(-1L));
        assertThatThrownBy(
                        () -> EmbeddedLabels.in(said("[\"a\",\"b\"]", "p"), List.of(label, SCORES)))
                .hasMessageContaining("beside none named label");
    }

    private static Map<String, String> said(String labels, String scores) {
        return Map.of(ModelManifest.LABELS_KEY, labels, ModelManifest.SCORES_KEY, scores);
    }
}
