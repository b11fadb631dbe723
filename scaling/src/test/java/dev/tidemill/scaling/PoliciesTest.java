package dev.tidemill.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.concurrency.ConcurrencyPolicy;
import dev.tidemill.scaling.concurrency.ScalingRule;
import dev.tidemill.scaling.keda.KedaPolicy;
import dev.tidemill.scaling.keda.Trigger;
import dev.tidemill.scaling.knative.KpaPolicy;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.scaling.objective.ObjectivePolicy;
import dev.tidemill.scaling.objective.Replica;
import dev.tidemill.scaling.rules.PlainRules;
import dev.tidemill.scaling.rules.RuleSet;
import dev.tidemill.scaling.rules.StepPolicy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every policy, whatever its rule.
final class PoliciesTest {
    private static final Bounds BOUNDS = new Bounds(2, 60);
    private static final int TEN_DAYS = 14_400;

    static Stream<Policy> policies() {
        List<Policy> policies = new ArrayList<>(PlainRules.all(BOUNDS));
        policies.add(new KpaPolicy("kpa", BOUNDS, KpaPolicy.Settings.concurrency(10)));
        policies.add(KedaPolicy.of("keda", BOUNDS, Trigger.of(Signal.QUEUE_DEPTH, 20, 0)));
        policies.add(
                new ConcurrencyPolicy(
                        "concurrency",
                        new ScalingRule(
                                2,
                                60,
                                8,
                                Duration.ofSeconds(2),
                                Duration.ZERO,
                                Duration.ofSeconds(60))));
        policies.add(
                new RuleSet(
                        "rules",
                        BOUNDS,
                        List.of(PlainRules.queueDepth(BOUNDS, 100)),
                        List.of(new StepPolicy("gpu", BOUNDS, Signal.GPU, 0.8, 2, Double.NaN, 2))));
        policies.add(
                ObjectivePolicy.of(
                        BOUNDS,
                        Objective.wait(Duration.ofSeconds(2), 0.01),
                        Replica.of(4, Duration.ofSeconds(8), Duration.ofSeconds(180))));
        return policies.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("policies")
    void it_never_leaves_its_bounds_and_says_the_same_of_the_same_signals(Policy policy) {
        for (long seed = 1; seed <= 5; seed++) {
            Policy.Session once = policy.start();
            Policy.Session again = policy.start();
            Random random = new Random(seed);
            int replicas = BOUNDS.min();
            for (int minute = 0; minute < 500; minute++) {
                Signals seen = random(random, minute, replicas);
                Verdict verdict = once.decide(seen);
                assertThat(verdict.replicas())
                        .as("seed %d minute %d: %s", seed, minute, verdict.reason())
                        .isBetween(BOUNDS.min(), BOUNDS.max());
                Verdict second = again.decide(seen);
                assertThat(second.replicas()).isEqualTo(verdict.replicas());
                assertThat(second.reason()).isEqualTo(verdict.reason()).isNotBlank();
                assertThat(verdict.seen()).isSameAs(seen);
                if (verdict.replicas() != verdict.wanted()) {
                    assertThat(verdict.limits())
                            .as("seed %d minute %d: %s", seed, minute, verdict.reason())
                            .isNotEmpty();
                }
                replicas = verdict.replicas();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("policies")
    void signals_that_all_fall_silent_neither_shrink_blindly_nor_break_it(Policy policy) {
        Policy.Session session = policy.start();
        Random random = new Random(3);
        int replicas = 10;
        for (int minute = 0; minute < 60; minute++) {
            replicas = session.decide(random(random, minute, replicas)).replicas();
        }
        int before = replicas;
        for (int minute = 60; minute < 64; minute++) {
            replicas =
                    session.decide(Signals.at(minute * 60_000L, replicas, replicas).build())
                            .replicas();
            assertThat(replicas).isGreaterThanOrEqualTo(before);
        }
    }

    /// After warm-up, with the compiler that tests run with. The figure for ten days of minutes is
    /// 100 ms of a processor; the best of several tries is taken, because other work beside this
    /// shares its caches.
    @ParameterizedTest(name = "{0}")
    @MethodSource("policies")
    void ten_days_of_minutes_take_at_most_a_tenth_of_a_second(Policy policy) {
        Signals[] days = new Signals[TEN_DAYS];
        Random random = new Random(9);
        for (int minute = 0; minute < TEN_DAYS; minute++) {
            days[minute] = random(random, minute, 20 + minute % 7);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        long sum = 0;
        for (int round = 0; round < 12; round++) {
            Policy.Session session = policy.start();
            long start = threads.getCurrentThreadCpuTime();
            for (Signals seen : days) {
                sum += session.decide(seen).replicas();
            }
            best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
        }
        assertThat(sum).isPositive();
        System.out.printf("%s: 10 days in %.1f ms%n", policy.name(), best / 1e6);
        assertThat(best).isLessThan(100_000_000L);
    }

    private static Signals random(Random random, int minute, int replicas) {
        double busy = 0.5 + 0.4 * Math.sin(minute / 229.0) + 0.2 * random.nextDouble();
        Signals.Builder seen =
                Signals.at(minute * 60_000L, replicas, Math.max(0, replicas - random.nextInt(3)));
        for (Signal signal : Signal.values()) {
            double value =
                    switch (signal) {
                        case ARRIVALS -> 20 * busy;
                        case IN_FLIGHT -> 200 * busy;
                        case WAITING, QUEUE_DEPTH, LAG -> 900 * busy * random.nextDouble();
                        case CPU, MEMORY, GPU -> busy;
                        case P99 -> busy * 6;
                        case PROMPT_TOKENS, OUTPUT_TOKENS -> 4000 * busy;
                        case KV_CACHE -> Math.min(1, busy * 0.7);
                        case SLOT_SECONDS -> 8;
                        case SLOTS -> 4;
                        case START_SECONDS -> 180;
                        case LATE -> 0.01 * random.nextDouble();
                    };
            if (random.nextInt(30) != 0) {
                seen.with(signal, value);
            }
        }
        return seen.build();
    }
}
