package dev.tidemill.control.training;

import java.util.List;

/// A model to be registered, with what held-out rows said of it.
///
/// @param folds one for each part that was held out
/// @param checkable rows that may serve as samples: held out where the split allows it
record Measured(Fitted fitted, List<FoldReport> folds, List<Integer> checkable) {
    Measured {
        folds = List.copyOf(folds);
        checkable = List.copyOf(checkable);
    }

    /// Means over the folds.
    Scores scores() {
        return Scores.mean(folds.stream().map(FoldReport::scores).toList());
    }
}
