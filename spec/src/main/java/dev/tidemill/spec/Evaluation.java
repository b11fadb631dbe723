package dev.tidemill.spec;

/// How a training measures what it made, on rows that it did not learn from.
public sealed interface Evaluation {
    /// @param fraction of the rows that is held out, between 0 and 1
    record Holdout(double fraction) implements Evaluation {}

    /// Every row is held out once; the metrics are means over the folds.
    record CrossValidation(int folds) implements Evaluation {}
}
