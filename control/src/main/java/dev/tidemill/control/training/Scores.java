package dev.tidemill.control.training;

import java.util.List;
import java.util.Map;

/// What held-out predictions were worth. Pure.
///
/// @param accuracy share of right labels
/// @param precision mean over the classes of: right ones among those predicted as the class (0 when
///   none was)
/// @param recall mean over the classes of: right ones among those that are of the class
record Scores(double accuracy, double precision, double recall) {
    static Scores of(List<String> truth, List<String> predicted) {
        int right = 0;
        for (int i = 0; i < truth.size(); i++) {
            right += truth.get(i).equals(predicted.get(i)) ? 1 : 0;
        }
        List<ClassScore> classes =
                ClassScore.of(truth, predicted).values().stream()
                        .filter(c -> c.rows() > 0)
                        .toList();
        return new Scores(
                (double) right / truth.size(),
                classes.stream().mapToDouble(ClassScore::precision).average().orElseThrow(),
                classes.stream().mapToDouble(ClassScore::recall).average().orElseThrow());
    }

    static Scores mean(List<Scores> folds) {
        return new Scores(
                folds.stream().mapToDouble(Scores::accuracy).average().orElseThrow(),
                folds.stream().mapToDouble(Scores::precision).average().orElseThrow(),
                folds.stream().mapToDouble(Scores::recall).average().orElseThrow());
    }

    Map<String, Double> asMap() {
        return Map.of("accuracy", accuracy, "precision", precision, "recall", recall);
    }
}
