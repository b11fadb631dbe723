package dev.tidemill.control.training;

import dev.tidemill.control.registry.NewVersion;
import java.util.List;

/// What became of a training that could be measured.
sealed interface Outcome {
    Scores scores();

    List<FoldReport> folds();

    /// Every gate holds: this is to be registered.
    record Passed(NewVersion version, Scores scores, List<FoldReport> folds) implements Outcome {
        public Passed {
            folds = List.copyOf(folds);
        }
    }

    /// @param message names every gate that does not hold
    record Missed(String message, Scores scores, List<FoldReport> folds) implements Outcome {
        public Missed {
            folds = List.copyOf(folds);
        }
    }
}
