package dev.tidemill.control.training;

import java.util.List;
import java.util.Map;

/// What one held-out part of the data said, kept with the run.
///
/// @param learned rows that the model learned from
/// @param held rows that it was measured on
/// @param classes by label
record FoldReport(int learned, int held, Scores scores, Map<String, ClassScore> classes) {
    FoldReport {
        classes = Map.copyOf(classes);
    }

    static FoldReport of(int learned, List<String> truth, List<String> predicted) {
        return new FoldReport(
                learned,
                truth.size(),
                Scores.of(truth, predicted),
                ClassScore.of(truth, predicted));
    }
}
