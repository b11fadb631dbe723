package dev.tidemill.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class WeightedSplitTest {
    private static final WeightedSplit NINE_TO_ONE = new WeightedSplit(List.of(9, 1, 0));

    @Test
    void divides_the_whole_by_weight() {
        assertThat(NINE_TO_ONE.pick(0, _ -> true)).isZero();
        assertThat(NINE_TO_ONE.pick(0.899, _ -> true)).isZero();
        assertThat(NINE_TO_ONE.pick(0.901, _ -> true)).isEqualTo(1);
        assertThat(NINE_TO_ONE.pick(0.999999, _ -> true)).isEqualTo(1);
    }

    @Test
    void gives_the_share_of_what_cannot_be_used_to_the_others() {
        assertThat(NINE_TO_ONE.pick(0.1, i -> i != 0)).isEqualTo(1);
        assertThat(NINE_TO_ONE.pick(0.95, i -> i != 1)).isZero();
    }

    @Test
    void takes_weight_nothing_only_when_there_is_no_other() {
        assertThat(NINE_TO_ONE.pick(0.5, i -> i == 2)).isEqualTo(2);
        assertThat(NINE_TO_ONE.pick(0.5, _ -> false)).isEqualTo(-1);
    }

    @Test
    void random_numbers_fall_in_proportion() {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        int canary = 0;
        for (int i = 0; i < 100_000; i++) {
            canary += NINE_TO_ONE.pick(random.nextDouble(), _ -> true);
        }
        assertThat(canary / 100_000.0).as("seed %d", seed).isCloseTo(0.1, within(0.005));
    }

    @Test
    void a_sticky_share_stays_is_even_and_is_another_for_another_purpose() {
        int both = 0;
        int first = 0;
        for (int i = 0; i < 100_000; i++) {
            String client = "client-" + i;
            boolean low = StickyShare.of("match chat", client) < 0.1;
            assertThat(StickyShare.of("match chat", client) < 0.1).isEqualTo(low);
            first += low ? 1 : 0;
            both += low && StickyShare.of("split chat", client) < 0.1 ? 1 : 0;
        }
        assertThat(first / 100_000.0).isCloseTo(0.1, within(0.005));
        assertThat(both / 100_000.0).isCloseTo(0.01, within(0.003));
    }
}
