package dev.tidemill.control.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SplitTest {
    @Test
    void a_hold_out_takes_the_fraction_of_every_label() {
        Split split = Split.holdout(rows(1000, 10, 1000, 1), 0.2, 42);
        assertThat(split.test()).hasSize(200);
        for (int label = 0; label < 10; label++) {
            int wanted = label;
            assertThat(split.test().stream().filter(row -> row % 10 == wanted)).hasSize(20);
        }
    }

    @Test
    void the_same_seed_gives_the_same_split_and_another_seed_another() {
        Data data = rows(300, 3, 300, 1);
        assertThat(Split.holdout(data, 0.2, 7)).isEqualTo(Split.holdout(data, 0.2, 7));
        assertThat(Split.holdout(data, 0.2, 7)).isNotEqualTo(Split.holdout(data, 0.2, 8));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void folds_hold_out_every_row_once_and_never_part_a_group(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Data data =
                rows(
                        100 + random.nextInt(300),
                        2 + random.nextInt(6),
                        30 + random.nextInt(60),
                        seed);
        int count = 2 + random.nextInt(5);
        List<Split> folds = Split.folds(data, count, seed);
        assertThat(folds).hasSize(count);
        List<Integer> held = new ArrayList<>();
        for (Split fold : folds) {
            held.addAll(fold.test());
            assertThat(fold.train()).as("seed %d", seed).doesNotContainAnyElementsOf(fold.test());
            assertThat(fold.train().size() + fold.test().size()).isEqualTo(data.size());
            Set<String> learned = new HashSet<>();
            fold.train().forEach(row -> learned.add(data.groups().get(row)));
            assertThat(fold.test())
                    .as("seed %d: rows of a group on one side", seed)
                    .noneMatch(row -> learned.contains(data.groups().get(row)));
        }
        assertThat(held).as("seed %d", seed).doesNotHaveDuplicates().hasSize(data.size());
    }

    @Test
    void a_grouped_hold_out_keeps_groups_whole() {
        Data data = rows(200, 2, 40, 3);
        Split split = Split.holdout(data, 0.2, 1);
        Set<String> learned = new HashSet<>();
        split.train().forEach(row -> learned.add(data.groups().get(row)));
        assertThat(split.test()).noneMatch(row -> learned.contains(data.groups().get(row)));
    }

    /// Labels in turn; groups drawn by seed, as many rows a group as `rows / groups` on average.
    private static Data rows(int rows, int labels, int groups, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> vectors = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> members = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            vectors.add(new float[] {row});
            names.add("l" + row % labels);
            members.add("g" + (groups == rows ? row : random.nextInt(groups)));
        }
        return new Data(List.of(), vectors, names, members);
    }
}
