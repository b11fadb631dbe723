package dev.tidemill.scaling.objective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Random arrivals of a steady rate are no burst, whatever the rate and however often one looks;
/// arrivals of a multiple of it are one soon.
final class SurgeTest {
    private static final long LEAD = 180_000;

    private final Demand demand = new Demand(0);
    private final Surge surge = new Surge(demand);
    private long now;

    @ParameterizedTest(name = "{0}/s looked at every {1} s, seed {2}")
    @CsvSource({
        "0.02, 1, 1",
        "0.3, 1, 2",
        "0.3, 5, 3",
        "1, 1, 4",
        "4, 1, 5",
        "4, 15, 6",
        "50, 1, 7",
        "0.3, 15, 8",
        "800, 15, 9"
    })
    void chance_passes_for_a_burst_less_than_once_in_ten_days(double rate, int look, long seed) {
        Random random = new Random(seed);
        int alarms = 0;
        // Half a day by seconds and two by the quarter of a minute are a second of work each.
        int looks = 40_000;
        for (int i = 0; i < looks; i++) {
            alarms += look(random, rate, look) > 0 ? 1 : 0;
        }
        // What is promised for this time comes to 0.05 to 0.7 alarms; three would be chance
        // once in thirty at the most.
        assertThat(alarms)
                .as("seed %d, %s days", seed, looks * look / 86_400.0)
                .isLessThanOrEqualTo(2);
    }

    @ParameterizedTest(name = "{0}/s times {1} looked at every {2} s, seed {4}")
    @CsvSource({
        "0.3, 10, 1, 15, 1",
        "1, 4, 1, 15, 2",
        "1, 30, 1, 1, 3",
        "4, 5, 1, 3, 4",
        "4, 3, 15, 15, 5",
        "50, 3, 1, 2, 6",
        "0.3, 10, 15, 30, 7"
    })
    void a_multiple_is_a_burst_within_seconds_and_never_taken_for_much_more(
            double rate, double times, int look, int within, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 1200 / look; i++) {
            look(random, rate, look);
        }
        int seconds = 0;
        double found = 0;
        while (found == 0 && seconds < 60) {
            found = look(random, rate * times, look);
            seconds += look;
        }
        assertThat(seconds).as("seed %d", seed).isLessThanOrEqualTo(within);
        for (; seconds < 120; seconds += look) {
            found = Math.max(found, look(random, rate * times, look));
        }
        assertThat(found).as("seed %d", seed).isBetween(0.5 * rate * times, 1.6 * rate * times);
    }

    private double look(Random random, double rate, int seconds) {
        now += seconds * 1000L;
        Forecast forecast =
                demand.add(now, poisson(random, rate * seconds) / seconds, Double.NaN, LEAD);
        return surge.rate(forecast.level(), seconds * 1000L);
    }

    private static double poisson(Random random, double mean) {
        if (mean > 200) {
            return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }
}
