package dev.tidemill.control.training;

import java.util.List;

/// A model to be registered, with what held-out rows said of it.
///
/// @param checkable rows that may serve as samples: held out where the split allows it
record Measured(Fitted fitted, Scores scores, List<Integer> checkable) {
    Measured {
        checkable = List.copyOf(checkable);
    }
}
