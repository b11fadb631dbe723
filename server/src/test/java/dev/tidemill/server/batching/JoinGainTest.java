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

    @ParameterizedTest
    @ValueSource(longs = {3, 17, 2_026})
    void a_busy_machine_does_not_change_its_mind(long seed) {
        joined(seed, rows -> 6_500_000L * rows);
        int after = 0;
        for (int i = 0; i < 20; i++) {
            after += joined(new SplittableRandom(seed + i), rows -> 6_500_000L * rows, 0.6, true);
        }
        assertThat(after).as("of 20,000, seed %d", seed).isLessThan(1_500);
    }

    @Test
    void changes_its_mind_within_two_thousand_chances_when_the_model_does() {
        joined(5, rows -> 6_500_000L * rows);
        joined(6, rows -> 6_500_000L + 1_000L * rows);
        joined(7, rows -> 6_500_000L + 1_000L * rows);
        int after = joined(8, rows -> 6_500_000L + 1_000L * rows);
        assertThat(after).isGreaterThan(900);
    }

    @Test
    void a_run_without_rows_teaches_nothing() {
        gain.ran(0, 1_000);
        assertThat(gain.joins(0, 0)).isTrue();
    }

    private int joined(long seed, IntToLongFunction cost) {
        return joined(new SplittableRandom(seed), cost, 0.1, false);
    }

    /// Of 1,000 chances, with one to eight rows behind the first.
    ///
    /// @param scatter of times, as a share on both sides
    /// @param interrupted whether one run in 20 takes three times as long
    private int joined(
            SplittableRandom random, IntToLongFunction cost, double scatter, boolean interrupted) {
        int joined = 0;
        for (int i = 0; i < 1_000; i++) {
            int all = random.nextInt(2, 9);
            boolean together = gain.joins(1, all);
            joined += together ? 1 : 0;
            int rows = together ? all : 1;
            double noise = random.nextDouble(1 - scatter, 1 + scatter);
            double pause = interrupted && random.nextInt(20) == 0 ? 3 : 1;
            gain.ran(rows, (long) (cost.applyAsLong(rows) * noise * pause));
        }
        return joined;
    }
}
