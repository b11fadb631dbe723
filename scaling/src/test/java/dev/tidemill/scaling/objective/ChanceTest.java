package dev.tidemill.scaling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChanceTest {
    @Test
    void a_coin_that_is_thrown_thrice_shows_twice_at_least_in_half_of_all_cases() {
        assertThat(Chance.atLeast(2, 3, 0.5)).isEqualTo(0.5, within(1e-15));
        assertThat(Chance.atLeast(0, 3, 0.5)).isEqualTo(1);
        assertThat(Chance.atLeast(4, 3, 0.5)).isZero();
        assertThat(Chance.atLeast(1, 3, 0)).isZero();
        assertThat(Chance.atLeast(3, 3, 1)).isEqualTo(1);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void it_is_what_whole_numbers_say(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            int of = 1 + random.nextInt(120);
            int least = random.nextInt(of + 1);
            int part = 1 + random.nextInt(63);
            double exact = exactly(least, of, part).doubleValue();
            assertThat(Chance.atLeast(least, of, part / 64.0))
                    .as("seed %d: %d of %d at %d/64", seed, least, of, part)
                    .isEqualTo(exact, within(1e-9 * exact));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void more_is_never_likelier_and_large_numbers_are_near_a_normal_distribution(long seed) {
        Random random = new Random(seed);
        long of = 1_000_000 + random.nextInt(1_000_000);
        double chance = 0.05 + 0.9 * random.nextDouble();
        double deviation = Math.sqrt(of * chance * (1 - chance));
        double before = 1;
        for (int deviations = -4; deviations <= 6; deviations++) {
            long least = Math.round(of * chance + deviations * deviation);
            double now = Chance.atLeast(least, of, chance);
            assertThat(now).as("seed %d", seed).isLessThan(before).isPositive();
            before = now;
        }
        assertThat(Chance.atLeast(Math.round(of * chance + 2 * deviation), of, chance))
                .as("seed %d", seed)
                .isEqualTo(0.02275, within(5e-4));
    }

    private static BigDecimal exactly(int least, int of, int part) {
        BigInteger sum = BigInteger.ZERO;
        BigInteger ways = BigInteger.ONE;
        for (int k = 0; k <= of; k++) {
            if (k >= least) {
                sum =
                        sum.add(
                                ways.multiply(BigInteger.valueOf(part).pow(k))
                                        .multiply(BigInteger.valueOf(64 - part).pow(of - k)));
            }
            ways = ways.multiply(BigInteger.valueOf(of - k)).divide(BigInteger.valueOf(k + 1));
        }
        return new BigDecimal(sum)
                .divide(new BigDecimal(BigInteger.valueOf(64).pow(of)), MathContext.DECIMAL64);
    }
}
