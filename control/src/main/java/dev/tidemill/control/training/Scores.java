package dev.tidemill.control.training;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What held-out predictions were worth. Pure.
///
/// @param accuracy share of right labels
/// @param precision mean over the classes of: right ones among those predicted as the class (0 when
///   none was)
/// @param recall mean over the classes of: right ones among those that are of the class
record Scores(double accuracy, double precision, double recall) {
    static Scores of(List<String> truth, List<String> predicted) {
        Map<String, int[]> counts = new TreeMap<>();
        int right = 0;
        for (int i = 0; i < truth.size(); i++) {
            int[] actual = counts.computeIfAbsent(truth.get(i), _ -> new int[3]);
            actual[1]++;
            counts.computeIfAbsent(predicted.get(i), _ -> new int[3])[2]++;
            if (truth.get(i).equals(predicted.get(i))) {
                actual[0]++;
                right++;
            }
        }
        double precision = 0;
        double recall = 0;
        int classes = 0;
        for (int[] count : counts.values()) {
            if (count[1] > 0) {
                classes++;
                precision += count[2] == 0 ? 0 : (double) count[0] / count[2];
                recall += (double) count[0] / count[1];
            }
        }
        return new Scores((double) right / truth.size(), precision / classes, recall / classes);
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
