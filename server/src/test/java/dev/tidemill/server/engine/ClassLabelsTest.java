package dev.tidemill.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ClassLabelsTest {
    @Test
    void a_model_with_labels_for_one_output_is_a_classifier() {
        ClassLabels labels = new ClassLabels(Map.of("scores", List.of("yes", "nö")));

        assertThat(labels.scores()).isEqualTo("scores");
        assertThat(labels.of("scores")).containsExactly("yes", "nö");
        assertThat(labels.of("other")).isEmpty();
        assertThat(labels.utf8().getLast()).isEqualTo("nö".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void with_labels_for_several_outputs_none_of_them_is_the_scores() {
        ClassLabels labels = new ClassLabels(Map.of("a", List.of("x"), "b", List.of("y")));

        assertThat(labels.scores()).isEmpty();
        assertThat(labels.utf8()).isEmpty();
        assertThat(labels.of("b")).containsExactly("y");
    }
}
