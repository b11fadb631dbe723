package dev.tidemill.control.training;

import dev.tidemill.spec.Evaluation;
import dev.tidemill.spec.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Fits and measures as the file asks: on a hold-out, whose model is the one that is kept, or on
/// folds, after which the kept model learns from every row.
final class Measurement {
    private final Training training;
    private final OnnxPredictions predictions;
    private final Deadline deadline;

    Measurement(Training training, OnnxPredictions predictions, Deadline deadline) {
        this.training = training;
        this.predictions = predictions;
        this.deadline = deadline;
    }

    Measured of(Data data) {
        TribuoFit fit = new TribuoFit(training, deadline, data.width());
        return switch (training.evaluation()) {
            case Evaluation.Holdout(double fraction) -> {
                Split split = Split.holdout(data, fraction, training.seed());
                Fitted fitted = fit.fit(data, split.train());
                yield new Measured(fitted, List.of(report(fitted, data, split)), split.test());
            }
            case Evaluation.CrossValidation(int count) -> {
                List<FoldReport> folds = new ArrayList<>();
                for (Split split : Split.folds(data, count, training.seed())) {
                    deadline.check();
                    folds.add(report(fit.fit(data, split.train()), data, split));
                }
                deadline.check();
                List<Integer> all = IntStream.range(0, data.size()).boxed().toList();
                yield new Measured(fit.fit(data, all), folds, all);
            }
        };
    }

    private FoldReport report(Fitted fitted, Data data, Split split) {
        deadline.check();
        List<String> truth = split.test().stream().map(data.labels()::get).toList();
        return FoldReport.of(
                split.train().size(), truth, predictions.labels(fitted, data, split.test()));
    }
}
