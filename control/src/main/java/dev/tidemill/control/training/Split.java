package dev.tidemill.control.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Which rows are learned from and which are held out. Pure: the same data and seed give the same
/// split on every machine.
///
/// @param train row numbers
/// @param test row numbers, none of them in `train`
record Split(List<Integer> train, List<Integer> test) {
    Split {
        train = List.copyOf(train);
        test = List.copyOf(test);
    }

    /// Holds out `fraction` of the rows of every label (stratified), at least one of each that has
    /// two rows. Rows of one group stay together when there are groups.
    static Split holdout(Data data, double fraction, long seed) {
        int folds = (int) Math.max(2, Math.round(1 / fraction));
        boolean grouped = data.groups().stream().distinct().count() < data.size();
        if (grouped) {
            return folds(data, folds, seed).getFirst();
        }
        Map<String, List<Integer>> byLabel = new TreeMap<>();
        for (int row = 0; row < data.size(); row++) {
            byLabel.computeIfAbsent(data.labels().get(row), _ -> new ArrayList<>()).add(row);
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> train = new ArrayList<>();
        List<Integer> test = new ArrayList<>();
        for (List<Integer> rows : byLabel.values()) {
            shuffle(rows, random);
            int held = (int) Math.round(rows.size() * fraction);
            held = rows.size() < 2 ? 0 : Math.clamp(held, 1, rows.size() - 1);
            test.addAll(rows.subList(0, held));
            train.addAll(rows.subList(held, rows.size()));
        }
        train.sort(null);
        test.sort(null);
        return new Split(train, test);
    }

    /// Every row is held out in exactly one of the folds; rows of one group in the same one. Groups
    /// are dealt out in random order, each to the fold that has the fewest rows of the group's
    /// label.
    static List<Split> folds(Data data, int count, long seed) {
        Map<String, List<Integer>> byGroup = new LinkedHashMap<>();
        for (int row = 0; row < data.size(); row++) {
            byGroup.computeIfAbsent(data.groups().get(row), _ -> new ArrayList<>()).add(row);
        }
        List<List<Integer>> groups = new ArrayList<>(byGroup.values());
        shuffle(groups, new SplittableRandom(seed));
        List<List<Integer>> held = new ArrayList<>();
        List<Map<String, Integer>> perLabel = new ArrayList<>();
        for (int fold = 0; fold < count; fold++) {
            held.add(new ArrayList<>());
            perLabel.add(new TreeMap<>());
        }
        for (List<Integer> group : groups) {
            String label = data.labels().get(group.getFirst());
            int best = 0;
            for (int fold = 1; fold < count; fold++) {
                int here = perLabel.get(fold).getOrDefault(label, 0);
                int there = perLabel.get(best).getOrDefault(label, 0);
                if (here < there
                        || (here == there && held.get(fold).size() < held.get(best).size())) {
                    best = fold;
                }
            }
            held.get(best).addAll(group);
            perLabel.get(best).merge(label, group.size(), Integer::sum);
        }
        return held.stream().map(test -> without(data.size(), test)).toList();
    }

    private static Split without(int size, List<Integer> test) {
        List<Integer> sorted = test.stream().sorted().toList();
        List<Integer> train = new ArrayList<>();
        for (int row = 0; row < size; row++) {
            if (Collections.binarySearch(sorted, row) < 0) {
                train.add(row);
            }
        }
        return new Split(train, sorted);
    }

    private static <T> void shuffle(List<T> list, SplittableRandom random) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }
}
