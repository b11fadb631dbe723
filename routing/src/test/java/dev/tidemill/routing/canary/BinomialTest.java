package dev.tidemill.routing.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BinomialTest {
    /// Published tables of Clopper and Pearson's 95 % intervals.
    @ParameterizedTest
    @CsvSource({
        "0, 10, 0, 0.3085",
        "5, 10, 0.1871, 0.8129",
        "10, 10, 0.6915, 1",
        "1, 20, 0.0013, 0.2487",
        "3, 100, 0.0062, 0.0852"
    })
    void bounds_are_those_of_the_tables(long hits, long tries, double lower, double upper) {
        assertThat(Binomial.lower(hits, tries, 0.025)).isCloseTo(lower, within(5e-5));
        assertThat(Binomial.upper(hits, tries, 0.025)).isCloseTo(upper, within(5e-5));
    }

    @Test
    void the_tail_is_the_sum_of_its_terms() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 500; round++) {
            int tries = 1 + random.nextInt(60);
            int hits = random.nextInt(tries + 1);
            double chance = random.nextDouble();
            assertThat(Binomial.atLeast(hits, tries, chance))
                    .as("seed 11, round %d: %d of %d at %s", round, hits, tries, chance)
                    .isCloseTo(tail(hits, tries, chance), within(1e-8));
        }
    }

    @Test
    void nothing_tried_says_nothing() {
        assertThat(Binomial.lower(0, 0, 0.05)).isZero();
        assertThat(Binomial.upper(0, 0, 0.05)).isEqualTo(1);
    }

    @Test
    void millions_are_no_trouble() {
        assertThat(Binomial.lower(50_000, 5_000_000, 0.001)).isBetween(0.00985, 0.0099);
    }

    private static double tail(int hits, int tries, double chance) {
        double sum = 0;
        for (int k = hits; k <= tries; k++) {
            double term = 1;
            for (int i = 0; i < k; i++) {
                term *= (double) (tries - i) / (k - i) * chance;
            }
            sum += term * Math.pow(1 - chance, tries - k);
        }
        return sum;
    }
}
