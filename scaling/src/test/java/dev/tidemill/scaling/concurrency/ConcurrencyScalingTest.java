package dev.tidemill.scaling.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConcurrencyScalingTest {
    private static final ScalingRule RULE =
            new ScalingRule(2, 6, 8, Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(20));

    @ParameterizedTest
    @CsvSource({"0,2", "15,2", "17.5,2", "17.7,3", "31,4", "48,6", "1000,6"})
    void concurrency_divided_by_the_target_rounds_up_between_min_and_max(
            double concurrency, int replicas) {
        assertThat(new Fleet(RULE, 2).after(1, concurrency).replicas()).isEqualTo(replicas);
    }

    @Test
    void growth_is_immediate_and_says_how_many_are_needed() {
        Decision decision = new Fleet(RULE, 2).after(1, 31.2);
        assertThat(decision.replicas()).isEqualTo(4);
        assertThat(decision.reason()).isEqualTo("31.2 requests in flight need 4 at 8 a replica");
    }

    @Test
    void within_a_tenth_of_the_target_nothing_changes() {
        assertThat(new Fleet(RULE, 4).after(1, 35).replicas()).isEqualTo(4);
        assertThat(new Fleet(RULE, 4).after(1, 29).replicas()).isEqualTo(4);
    }

    @Test
    void shrinking_waits_for_the_window_and_says_since_when() {
        Fleet fleet = new Fleet(RULE, 2);
        assertThat(fleet.after(1, 31).replicas()).isEqualTo(4);
        Decision held = fleet.after(12, 0);
        assertThat(held.replicas()).isEqualTo(4);
        assertThat(held.reason())
                .isEqualTo(
                        "0.0 requests in flight need 1 at 8 a replica, but 4 were needed 12 s ago"
                                + " and shrinking waits 20 s");
        Decision shrunk = fleet.after(9, 0);
        assertThat(shrunk.replicas()).isEqualTo(2);
        assertThat(shrunk.reason()).endsWith("but min is 2");
    }

    @Test
    void growth_waits_for_its_window_where_one_is_set() {
        ScalingRule patient =
                new ScalingRule(
                        2, 6, 8, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ZERO);
        Fleet fleet = new Fleet(patient, 2);
        assertThat(fleet.after(1, 1).replicas()).isEqualTo(2);
        assertThat(fleet.after(1, 40).reason()).endsWith("growing waits until that holds for 5 s");
        assertThat(fleet.after(3, 40).replicas()).isEqualTo(2);
        assertThat(fleet.after(3, 40).replicas()).isEqualTo(5);
    }

    @Test
    void a_missing_signal_holds_the_count_and_forgets_nothing() {
        Fleet fleet = new Fleet(RULE, 2);
        assertThat(fleet.after(1, 31).replicas()).isEqualTo(4);
        Decision blind = fleet.silentAfter(60);
        assertThat(blind.replicas()).isEqualTo(4);
        assertThat(blind.reason()).isEqualTo("no signal: holding at 4");
    }

    @Test
    void the_max_that_stops_growth_is_named() {
        assertThat(new Fleet(RULE, 2).after(1, 100).reason())
                .isEqualTo("100.0 requests in flight need 13 at 8 a replica, but max is 6");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void any_load_keeps_the_count_within_bounds_and_never_shrinks_below_a_recent_need(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ScalingRule rule =
                new ScalingRule(
                        1 + random.nextInt(3),
                        4 + random.nextInt(20),
                        0.5 + random.nextDouble() * 20,
                        Duration.ofSeconds(1),
                        Duration.ZERO,
                        Duration.ofSeconds(1 + random.nextInt(30)));
        Fleet fleet = new Fleet(rule, rule.min());
        List<Integer> needs = new ArrayList<>();
        for (int second = 0; second < 300; second++) {
            double load = random.nextDouble() < 0.2 ? random.nextDouble() * 300 : 0;
            Decision decision = fleet.after(1, load);
            needs.add((int) Math.ceil(load / rule.targetConcurrency() / 1.1));
            int window = (int) rule.scaleDownWindow().toSeconds();
            int needed =
                    needs.subList(Math.max(0, needs.size() - window), needs.size()).stream()
                            .mapToInt(Integer::intValue)
                            .max()
                            .orElseThrow();
            assertThat(decision.replicas())
                    .as("seed %d second %d", seed, second)
                    .isBetween(rule.min(), rule.max())
                    .isGreaterThanOrEqualTo(Math.min(needed, rule.max()));
        }
    }

    @Test
    void a_rule_refuses_what_makes_no_sense() {
        assertThatThrownBy(() -> rule(0, 1, 1)).hasMessageContaining("scaling.min: '0'");
        assertThatThrownBy(() -> rule(3, 2, 1)).hasMessageContaining("scaling.max: '2'");
        assertThatThrownBy(() -> rule(1, 2, Double.NaN)).hasMessageContaining("'NaN'");
    }

    private static ScalingRule rule(int min, int max, double target) {
        return new ScalingRule(min, max, target, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    /// A target that does what it is told at once.
    private static final class Fleet {
        private final ScalingRule rule;
        private ScalingHistory history = ScalingHistory.EMPTY;
        private int replicas;
        private long seconds;

        Fleet(ScalingRule rule, int replicas) {
            this.rule = rule;
            this.replicas = replicas;
        }

        Decision after(int waited, double concurrency) {
            return step(waited, OptionalDouble.of(concurrency));
        }

        Decision silentAfter(int waited) {
            return step(waited, OptionalDouble.empty());
        }

        private Decision step(int waited, OptionalDouble concurrency) {
            seconds += waited;
            Decision decision =
                    ConcurrencyScaling.decide(
                            rule,
                            history,
                            new Observation(seconds * 1_000_000_000L, replicas, concurrency));
            history = decision.next();
            replicas = decision.replicas();
            return decision;
        }
    }
}
