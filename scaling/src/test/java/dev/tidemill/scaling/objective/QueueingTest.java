package dev.tidemill.scaling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QueueingTest {
    @Test
    void with_no_limit_on_waiting_it_is_erlangs_c() {
        // One slot: the utilisation. Two slots, load 1: 1/3. Ten slots, load 8: a table's 0.4092.
        assertThat(Queueing.lateShare(1, 0.6, 1, 0, 1)).isCloseTo(0.6, within(1e-12));
        assertThat(Queueing.lateShare(2, 1, 1, 0, 1)).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(Queueing.lateShare(10, 8, 1, 0, 1)).isCloseTo(0.4092, within(5e-5));
    }

    @Test
    void waiting_longer_than_a_limit_falls_off_exponentially_with_the_spare_slots() {
        double any = Queueing.lateShare(10, 8, 0.5, 0, 1);
        double second = Queueing.lateShare(10, 8, 0.5, 1, 1);
        assertThat(second / any).isCloseTo(Math.exp(-2 / 0.5), within(1e-12));
    }

    @Test
    void too_few_slots_make_everybody_late_and_no_load_nobody() {
        assertThat(Queueing.lateShare(4, 4, 1, 2, 1)).isEqualTo(1);
        assertThat(Queueing.lateShare(0, 0, 1, 2, 1)).isZero();
        assertThat(Queueing.lateShare(0, 0.1, 1, 2, 1)).isEqualTo(1);
    }

    /// The formula against a simulated queue of the same kind.
    @Test
    void a_simulated_queue_is_late_as_often_as_the_formula_says() {
        Random random = new Random(7);
        int slots = 6;
        double load = 4.8;
        double[] freeAt = new double[slots];
        double now = 0;
        int late = 0;
        int requests = 400_000;
        for (int i = 0; i < requests; i++) {
            now += -Math.log(1 - random.nextDouble()) / load;
            int soonest = 0;
            for (int s = 1; s < slots; s++) {
                soonest = freeAt[s] < freeAt[soonest] ? s : soonest;
            }
            double start = Math.max(now, freeAt[soonest]);
            late += start - now > 1.5 ? 1 : 0;
            freeAt[soonest] = start - Math.log(1 - random.nextDouble());
        }
        assertThat((double) late / requests)
                .isCloseTo(Queueing.lateShare(slots, load, 1, 1.5, 1), within(0.005));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void the_answer_is_the_fewest_that_suffice_and_never_falls_with_load(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            int slots = 1 + random.nextInt(16);
            double seconds = 0.05 + random.nextDouble() * 10;
            double wait = random.nextDouble() * 4;
            double late = 0.001 + random.nextDouble() * 0.2;
            double load = random.nextDouble() * 300;
            int replicas = Queueing.replicas(load, slots, seconds, wait, 1, late, 10_000);
            assertThat(Queueing.lateShare((double) replicas * slots, load, seconds, wait, 1))
                    .as("seed %d: %s of %d", seed, load, slots)
                    .isLessThanOrEqualTo(late);
            if (replicas > 1) {
                assertThat(Queueing.lateShare((replicas - 1.0) * slots, load, seconds, wait, 1))
                        .isGreaterThan(late);
            }
            assertThat(Queueing.replicas(load * 1.01, slots, seconds, wait, 1, late, 10_000))
                    .isGreaterThanOrEqualTo(replicas);
            Sizing sizing =
                    new Sizing(
                            Objective.wait(Duration.ofMillis((long) (wait * 1000)), late),
                            1,
                            10_000);
            assertThat(sizing.replicas(load, slots, seconds))
                    .isBetween((int) (replicas * 0.95), (int) Math.ceil(replicas * 1.05) + 1)
                    .isEqualTo(sizing.replicas(load, slots, seconds));
        }
    }

    @Test
    void a_token_model_finds_the_largest_batch_that_is_quick_and_fits() {
        TokenCost cost = new TokenCost(0.0002, 0.01, 0.0005, 0, 0.03, 100_000, 64);
        assertThat(cost.slots(1000)).isEqualTo(40);
        assertThat(cost.slots(5000)).isEqualTo(20);
        assertThat(cost.slots(1e9)).isEqualTo(1);
        // The prompts of the nineteen others are read meanwhile, too.
        assertThat(cost.slotSeconds(1000, 100, 20)).isCloseTo(20 * 0.2 + 100 * 0.02, within(1e-9));
    }
}
