package dev.tidemill.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeAverageTest {
    @Test
    void a_value_counts_for_the_time_that_lies_in_the_window() {
        TimeAverage average = new TimeAverage(60_000);
        average.add(0, 5);
        assertThat(average.mean(60_000)).as("one instant").isEqualTo(5);
        average.add(10_000, 1);
        average.add(40_000, 2);
        assertThat(average.mean(60_000)).isCloseTo((10 * 1 + 30 * 2) / 40.0, within(1e-12));
        assertThat(average.mean(35_000)).isCloseTo((5 * 1 + 30 * 2) / 35.0, within(1e-12));
        assertThat(average.mean(6_000)).isEqualTo(2);
    }

    @Test
    void what_is_unknown_counts_for_no_time_and_nothing_known_is_not_zero() {
        TimeAverage average = new TimeAverage(60_000);
        assertThat(average.mean(60_000)).isNaN();
        average.add(0, Double.NaN);
        average.add(10_000, Double.NaN);
        assertThat(average.mean(60_000)).isNaN();
        average.add(20_000, 4);
        average.add(30_000, Double.NaN);
        assertThat(average.mean(60_000)).isEqualTo(4);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void a_long_history_gives_what_all_of_it_would_give(long seed) {
        Random random = new Random(seed);
        TimeAverage average = new TimeAverage(100_000);
        PastPeak peak = new PastPeak();
        List<long[]> all = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 2_000; i++) {
            now += 1 + random.nextInt(5_000);
            int value = random.nextInt(100);
            all.add(new long[] {now, value});
            average.add(now, value);
            double sum = 0;
            double time = 0;
            int most = 0;
            for (int j = all.size() - 1; j >= 0; j--) {
                long to = all.get(j)[0];
                most = to >= now - 50_000 ? Math.max(most, (int) all.get(j)[1]) : most;
                if (j > 0) {
                    double share = Math.max(0, to - Math.max(all.get(j - 1)[0], now - 100_000));
                    sum += share * all.get(j)[1];
                    time += share;
                }
            }
            if (time > 0) {
                assertThat(average.mean(100_000))
                        .as("seed %d at %d", seed, i)
                        .isCloseTo(sum / time, within(1e-9));
            }
            assertThat(peak.add(now, value, 50_000)).isEqualTo(most);
        }
    }
}
