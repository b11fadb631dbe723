package dev.tidemill.control.training;

import dev.tidemill.control.registry.NewVersion;
import java.util.List;
import java.util.Map;

/// What became of a training that could be measured.
sealed interface Outcome {
    Map<String, Double> metrics();

    List<FoldReport> folds();

    /// Every gate holds: this is to be registered.
    record Passed(NewVersion version, Map<String, Double> metrics, List<FoldReport> folds)
            implements Outcome {
        public Passed {
            metrics = Map.copyOf(metrics);
            folds = List.copyOf(folds);
        }
    }

    /// @param message names every gate that does not hold
    record Missed(String message, Map<String, Double> metrics, List<FoldReport> folds)
            implements Outcome {
        public Missed {
            metrics = Map.copyOf(metrics);
            folds = List.copyOf(folds);
        }
    }
}
