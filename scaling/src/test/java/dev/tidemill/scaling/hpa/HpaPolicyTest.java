package dev.tidemill.scaling.hpa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.hpa.Behavior.Kind;
import dev.tidemill.scaling.hpa.Behavior.Rate;
import dev.tidemill.scaling.hpa.Behavior.Rules;
import dev.tidemill.scaling.hpa.Behavior.Select;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HpaPolicyTest {
    private static final long NEVER = -1_000_000_000_000L;

    @Test
    void a_change_is_told_with_its_metric_its_wish_and_its_limit() {
        Policy policy = HpaPolicy.of("cpu", 1, 10, null, Metric.utilization(Signal.CPU, 70));
        Verdict verdict = policy.start().decide(Signals.at(0, 2, 2).with(Signal.CPU, 3).build());
        assertThat(verdict.replicas()).isEqualTo(4);
        assertThat(verdict.wanted()).isEqualTo(9);
        assertThat(verdict.limits()).containsExactly(Limit.RATE);
        assertThat(verdict.rule()).isEqualTo("cpu 70 %");
        assertThat(verdict.reason())
                .isEqualTo("cpu 70 %: 300 with 2 ready wants 9, the rate allows 4");
    }

    @Test
    void a_missing_metric_blocks_shrinking_and_never_growth() {
        Policy policy =
                HpaPolicy.of(
                        "two",
                        1,
                        100,
                        null,
                        Metric.utilization(Signal.CPU, 50),
                        Metric.shared(Signal.LAG, 10));
        Policy.Session session = policy.start();
        Verdict low = session.decide(Signals.at(0, 4, 4).with(Signal.CPU, 0.1).build());
        assertThat(low.replicas()).isEqualTo(4);
        assertThat(low.limits()).containsExactly(Limit.SILENT);
        Verdict high = session.decide(Signals.at(60_000, 4, 4).with(Signal.CPU, 0.9).build());
        assertThat(high.replicas()).isEqualTo(8);
    }

    @Test
    void between_two_passes_of_the_controller_nothing_happens() {
        Policy.Session session =
                HpaPolicy.of("lag", 1, 100, null, Metric.shared(Signal.LAG, 10)).start();
        assertThat(lag(session, 0, 2, 40).replicas()).isEqualTo(4);
        assertThat(lag(session, 14_999, 4, 400).changes()).isFalse();
        assertThat(lag(session, 15_000, 4, 400).replicas()).isEqualTo(8);
    }

    /// The policy works on sums, the pass on pods; on equal pods both must agree, history included.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void on_equal_pods_it_decides_as_the_exact_pass_does(long seed) {
        Random random = new Random(seed);
        Behavior behavior = random.nextBoolean() ? null : behavior(random);
        int min = random.nextInt(3);
        int max = Math.max(1, min) + random.nextInt(30);
        int percent = 30 + random.nextInt(90);
        long lagTarget = 1 + random.nextInt(50);
        HpaPolicy policy =
                HpaPolicy.of(
                        "both",
                        min,
                        max,
                        behavior,
                        Metric.utilization(Signal.CPU, percent),
                        Metric.shared(Signal.LAG, lagTarget));
        HpaSpec spec =
                new HpaSpec(
                        min,
                        max,
                        List.of(
                                MetricSpec.utilization("cpu", percent),
                                MetricSpec.externalAverage("lag", lagTarget * 1000)),
                        behavior);
        Policy.Session session = policy.start();
        HpaMemory memory = new HpaMemory();
        int replicas = Math.max(1, min);
        for (int pass = 0; pass < 300; pass++) {
            long now = pass * 15_000L;
            int ready = replicas == 0 ? 0 : Math.max(1, replicas - random.nextInt(2));
            double cpu = random.nextDouble() < 0.05 ? Double.NaN : random.nextInt(2000) / 1000.0;
            double lag = random.nextInt(4) == 0 ? 0 : random.nextInt(2000);
            Signals seen =
                    Signals.at(now, replicas, ready)
                            .with(Signal.CPU, cpu)
                            .with(Signal.LAG, lag)
                            .build();
            HpaPass exact =
                    Hpa.reconcile(
                            spec,
                            HpaSettings.DEFAULT,
                            workload(replicas, ready),
                            List.of(
                                    cpu(cpu, ready),
                                    new MetricReading.OfWorkload(List.of(Math.round(lag * 1000)))),
                            memory,
                            now);
            Verdict verdict = session.decide(seen);
            assertThat(verdict.replicas())
                    .as("seed %d pass %d: %s, %s", seed, pass, seen, verdict.reason())
                    .isEqualTo(exact.replicas());
            replicas = exact.replicas();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rates_never_reverse_a_wish_and_windows_stay_within_what_was_called_for(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            int current = random.nextInt(200);
            int wanted = random.nextInt(300);
            long now = 10_000_000;
            ScaleEvents ups = new ScaleEvents(events(random, now));
            ScaleEvents downs = new ScaleEvents(events(random, now));
            int limited =
                    RateLimits.byRates(current, wanted, 0, 250, behavior(random), ups, downs, now)
                            .replicas();
            assertThat(limited)
                    .as("seed %d: %d -> %d", seed, current, wanted)
                    .isBetween(Math.min(current, wanted), Math.max(current, wanted));
            List<Stabilization.Recommendation> past = new ArrayList<>();
            int least = wanted;
            int most = wanted;
            for (int j = random.nextInt(6); j > 0; j--) {
                int each = random.nextInt(300);
                past.add(new Stabilization.Recommendation(each, now - random.nextInt(600_000)));
                least = Math.min(least, each);
                most = Math.max(most, each);
            }
            int held = new Stabilization(past).held(current, wanted, 300_000, 300_000, now);
            assertThat(held)
                    .isBetween(Math.min(current, least), Math.max(current, most))
                    .isLessThanOrEqualTo(Math.max(current, wanted));
        }
    }

    private static List<ScaleEvents.Event> events(Random random, long now) {
        List<ScaleEvents.Event> events = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            events.add(
                    new ScaleEvents.Event(
                            1 + random.nextInt(20), now - random.nextInt(300_000), false));
        }
        return events;
    }

    private static Behavior behavior(Random random) {
        return new Behavior(rules(random), rules(random));
    }

    private static Rules rules(Random random) {
        List<Rate> rates = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            rates.add(
                    new Rate(
                            Kind.values()[random.nextInt(2)],
                            1 + random.nextInt(100),
                            15 * (1 + random.nextInt(8))));
        }
        return new Rules(
                15 * random.nextInt(20),
                Select.values()[random.nextInt(3)],
                rates,
                random.nextBoolean() ? null : (Double) (random.nextDouble() * 0.3));
    }

    private static Workload workload(int replicas, int ready) {
        List<Pod> pods = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            pods.add(
                    new Pod(
                            "p" + i,
                            i < ready ? Pod.Phase.RUNNING : Pod.Phase.PENDING,
                            false,
                            i < ready ? Pod.Ready.TRUE : Pod.Ready.FALSE,
                            (Long) NEVER,
                            NEVER,
                            List.of(new Pod.Container("c", Map.of("cpu", 1000L), false)),
                            List.of(),
                            Map.of()));
        }
        return new Workload(
                replicas, replicas, pods, Workload.Selector.USABLE, Workload.Scale.USABLE);
    }

    private static MetricReading cpu(double share, int ready) {
        Map<String, MetricReading.Sample> samples = new HashMap<>();
        for (int i = 0; i < ready && !Double.isNaN(share); i++) {
            samples.put("p" + i, new MetricReading.Sample(Math.round(share * 1000), 0, 30_000));
        }
        return new MetricReading.OfPods(samples);
    }

    private static Verdict lag(Policy.Session session, long at, int replicas, double lag) {
        return session.decide(Signals.at(at, replicas, replicas).with(Signal.LAG, lag).build());
    }
}
