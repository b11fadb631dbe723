package dev.tidemill.control.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.spec.Gate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GatesTest {
    private static final List<Gate> GATES =
            List.of(new Gate("accuracy", 0.9), new Gate("recall", 0.8));

    @Test
    void what_is_exactly_at_its_minimum_passes() {
        assertThat(Gates.missed(GATES, Map.of("accuracy", 0.9, "recall", 0.8))).isEmpty();
    }

    @Test
    void every_gate_that_does_not_hold_is_named() {
        assertThat(Gates.missed(GATES, Map.of("accuracy", 0.8999, "recall", Double.NaN)))
                .contains(
                        "nothing was registered: gate accuracy: '0.8999' (expected: at least 0.9);"
                                + " gate recall: 'NaN' (expected: at least 0.8)");
    }

    @Test
    void what_nobody_measured_passes_nothing() {
        assertThat(Gates.missed(GATES, Map.of("accuracy", 1.0, "loss", 0.1)))
                .contains(
                        "nothing was registered: gate recall: 'not measured' (expected: at least"
                                + " 0.8; measured: accuracy, loss)");
    }
}
