package dev.tidemill.control.training;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What held-out predictions were worth for one class. Pure.
///
/// @param rows held-out rows of the class
/// @param precision right ones among the rows predicted as the class; 0 when none was
/// @param recall right ones among the rows of the class; 0 when there are none
record ClassScore(int rows, double precision, double recall) {
    /// By label, of the truth or predicted.
    static Map<String, ClassScore> of(List<String> truth, List<String> predicted) {
        Map<String, int[]> counts = new TreeMap<>();
        for (int i = 0; i < truth.size(); i++) {
            boolean right = truth.get(i).equals(predicted.get(i));
            int[] actual = counts.computeIfAbsent(truth.get(i), _ -> new int[3]);
            actual[0] += right ? 1 : 0;
            actual[1]++;
            counts.computeIfAbsent(predicted.get(i), _ -> new int[3])[2]++;
        }
        Map<String, ClassScore> scores = new TreeMap<>();
        counts.forEach((label, count) ->
                scores.put(
                        label,
                        new ClassScore(
                                count[1], share(count[0], count[2]), share(count[0], count[1]))));
        return scores;
    }

    private static double share(int part, int whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
