package dev.tidemill.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinGainTest {
    private final JoinGain gain = new JoinGain();

    @Test
    void joins_until_it_has_seen_both_kinds_of_run() {
        assertThat(gain.joins(1, 4)).isTrue();
        gain.ran(4, 400);
        assertThat(gain.joins(1, 4)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 17, 2_026})
    void joins_where_a_row_more_costs_little(long seed) {
        assertThat(joined(seed, rows -> 50_000 + 2_000L * rows))
                .as("seed %d", seed)
                .isGreaterThan(900);
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 17, 2_026})
    void runs_alone_where_every_row_costs_the_same(long seed) {
        assertThat(joined(seed, rows -> 6_500_000L * rows)).as("seed %d", seed).isLessThan(100);
    }

    @Test
    void changes_its_mind_when_the_model_does() {
        joined(5, rows -> 6_500_000L * rows);
        int after = joined(6, rows -> 6_500_000L + 1_000L * rows);
        assertThat(after).isGreaterThan(700);
    }

    @Test
    void a_run_without_rows_teaches_nothing() {
        gain.ran(0, 1_000);
        assertThat(gain.joins(0, 0)).isTrue();
    }

    /// Of 1,000 chances, with one to eight rows behind the first and times that vary by a fifth.
    private int joined(long seed, IntToLongFunction cost) {
        SplittableRandom random = new SplittableRandom(seed);
        int joined = 0;
        for (int i = 0; i < 1_000; i++) {
            int all = random.nextInt(2, 9);
            boolean together = gain.joins(1, all);
            joined += together ? 1 : 0;
            int rows = together ? all : 1;
            gain.ran(rows, (long) (cost.applyAsLong(rows) * random.nextDouble(0.9, 1.1)));
        }
        return joined;
    }
}
