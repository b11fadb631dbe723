package dev.tidemill.routing.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.routing.WeightedSplit;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CanarySplitTest {
    private final CanarySplit split = new CanarySplit(new WeightedSplit(List.of(3, 1, 7)));

    @Test
    void the_last_one_gets_its_share_and_the_others_divide_the_rest_by_weight() {
        SplittableRandom random = new SplittableRandom(3);
        int[] picked = new int[3];
        for (int i = 0; i < 100_000; i++) {
            picked[split.pick(0.2, random.nextDouble(), _ -> true)]++;
        }
        assertThat(picked[2]).as("seed 3").isBetween(19_500, 20_500);
        assertThat(picked[0]).as("seed 3").isBetween(59_300, 60_700);
    }

    @Test
    void whoever_is_with_the_new_version_stays_with_it_as_its_share_grows() {
        for (double at = 0; at < 1; at += 0.001) {
            boolean before = false;
            for (double share : List.of(0.0, 0.01, 0.1, 0.5, 0.9, 1.0)) {
                boolean now = split.pick(share, at, _ -> true) == 2;
                assertThat(now || !before).as("%s at %s", at, share).isTrue();
                before = now;
            }
            assertThat(before).isTrue();
        }
    }

    @Test
    void what_cannot_be_used_is_replaced_by_the_other_side_unless_it_was_rolled_back() {
        assertThat(split.pick(0.5, 0.6, i -> i != 2)).isZero();
        assertThat(split.pick(0.5, 0.1, i -> i == 2)).isEqualTo(2);
        assertThat(split.pick(1, 0.1, i -> i != 2)).isZero();
        assertThat(split.pick(0, 0.99, i -> i == 2)).isEqualTo(-1);
    }
}
