package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class InspectionTest {
    @Test
    void a_pickle_that_names_scikit_learn_goes_on() {
        Inspection found =
                new Inspection("pickle", "", List.of("mine.Step", "sklearn.pipeline.Pipeline"));
        assertThatCode(() -> found.require(ModelKind.SKLEARN)).doesNotThrowAnyException();
    }

    @Test
    void a_pickle_of_something_else_is_refused_before_anything_is_installed() {
        Inspection found =
                new Inspection("pickle", "", List.of("xgboost.core.Booster", "numpy.ndarray"));
        assertThatThrownBy(() -> found.require(ModelKind.SKLEARN))
                .hasMessageContaining("names xgboost, numpy")
                .hasMessageContaining("classes of scikit-learn");
    }

    @Test
    void a_pickle_of_torch_says_which_kind_to_name() {
        Inspection found = new Inspection("pickle", "", List.of("torch.nn.modules.linear.Linear"));
        assertThatThrownBy(() -> found.require(ModelKind.SKLEARN))
                .hasMessageContaining("--kind torch");
    }

    @Test
    void a_file_that_tells_nothing_is_left_to_the_converter() {
        assertThatCode(() -> Inspection.NONE.require(ModelKind.SKLEARN)).doesNotThrowAnyException();
    }
}
