package dev.tidemill.control.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ScoresTest {
    @Test
    void accuracy_and_macro_precision_and_recall_by_hand() {
        // a: 2 of 3 found, 2 of 2 predicted right; b: 1 of 1 found, 1 of 2 predicted right.
        Scores scores = Scores.of(List.of("a", "a", "a", "b"), List.of("a", "a", "b", "b"));
        assertThat(scores.accuracy()).isEqualTo(0.75);
        assertThat(scores.precision()).isCloseTo((1.0 + 0.5) / 2, within(1e-12));
        assertThat(scores.recall()).isCloseTo((2.0 / 3 + 1.0) / 2, within(1e-12));
    }

    @Test
    void a_class_that_is_never_predicted_has_precision_zero() {
        assertThat(Scores.of(List.of("a", "b"), List.of("a", "a")).precision()).isEqualTo(0.25);
    }

    @Test
    void folds_are_averaged() {
        assertThat(Scores.mean(List.of(new Scores(1, 1, 1), new Scores(0.5, 0, 0.2))))
                .isEqualTo(new Scores(0.75, 0.5, 0.6));
    }
}
