package dev.tidemill.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class RateTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Rate ONE_A_SECOND = new Rate(60, 10);

    @Test
    void begins_with_a_whole_burst_and_refills_evenly() {
        Rate.Level level = ONE_A_SECOND.full(5);
        for (int i = 0; i < 10; i++) {
            assertThat(ONE_A_SECOND.covers(level, 1)).isTrue();
            level = ONE_A_SECOND.take(level, 1);
        }
        assertThat(ONE_A_SECOND.covers(level, 1)).isFalse();
        assertThat(ONE_A_SECOND.waitNanos(level, 1)).isEqualTo(SECOND);
        assertThat(ONE_A_SECOND.resetNanos(level)).isEqualTo(10 * SECOND);
        assertThat(ONE_A_SECOND.covers(ONE_A_SECOND.at(level, 5 + SECOND), 1)).isTrue();
        assertThat(ONE_A_SECOND.remaining(ONE_A_SECOND.at(level, 5 + 3 * SECOND))).isEqualTo(3);
        assertThat(ONE_A_SECOND.remaining(ONE_A_SECOND.at(level, 5 + 99 * SECOND))).isEqualTo(10);
    }

    @Test
    void what_is_more_than_a_burst_goes_when_it_is_full_and_is_owed_afterwards() {
        Rate.Level full = ONE_A_SECOND.full(0);
        assertThat(ONE_A_SECOND.covers(full, 25)).isTrue();
        Rate.Level owing = ONE_A_SECOND.take(full, 25);
        assertThat(ONE_A_SECOND.remaining(owing)).isZero();
        assertThat(ONE_A_SECOND.waitNanos(owing, 1)).isEqualTo(16 * SECOND);
        assertThat(ONE_A_SECOND.covers(ONE_A_SECOND.take(full, 1), 25)).isFalse();
    }

    @Test
    void a_clock_that_goes_back_refills_nothing_and_takes_nothing() {
        Rate.Level empty = ONE_A_SECOND.take(ONE_A_SECOND.full(100 * SECOND), 10);
        assertThat(ONE_A_SECOND.at(empty, 40 * SECOND)).isEqualTo(empty);
    }

    @Test
    void a_smaller_burst_cuts_what_an_older_rule_left() {
        Rate.Level before = new Rate(60, 1000).full(7);
        assertThat(ONE_A_SECOND.at(before, 7).left()).isEqualTo(10);
    }

    @RepeatedTest(20)
    void never_grants_more_than_the_burst_and_what_was_refilled(RepetitionInfo info) {
        long seed = info.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        Rate rate = new Rate(1 + random.nextInt(10_000), 1 + random.nextInt(500));
        Rate.Level level = rate.full(0);
        long now = 0;
        double granted = 0;
        for (int i = 0; i < 5_000; i++) {
            now += random.nextLong(20_000_000);
            level = rate.at(level, now);
            int amount = 1 + random.nextInt((int) rate.burst());
            if (rate.covers(level, amount)) {
                level = rate.take(level, amount);
                granted += amount;
            }
            assertThat(granted)
                    .as("seed %d, step %d", seed, i)
                    .isLessThanOrEqualTo(rate.burst() + now * (rate.perMinute() / 60e9) + 1e-3);
        }
        assertThat(rate.at(level, now + rate.resetNanos(level)).left())
                .as("seed %d", seed)
                .isCloseTo(rate.burst(), within(1e-3));
    }
}
