package dev.tidemill.scaling.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import org.junit.jupiter.api.Test;

final class PlainRulesTest {
    private static final Bounds BOUNDS = new Bounds(2, 40);

    @Test
    void each_rule_grows_to_what_its_number_says() {
        assertThat(first(PlainRules.cpu(BOUNDS, 70), 10, Signal.CPU, 0.91)).isEqualTo(13);
        assertThat(first(PlainRules.memory(BOUNDS, 80), 10, Signal.MEMORY, 1)).isEqualTo(13);
        assertThat(first(PlainRules.p99(BOUNDS, 500), 10, Signal.P99, 0.75)).isEqualTo(15);
        assertThat(first(PlainRules.llmP99(BOUNDS, 5), 10, Signal.P99, 6.2)).isEqualTo(13);
        assertThat(first(PlainRules.queueDepth(BOUNDS, 100), 10, Signal.QUEUE_DEPTH, 1450))
                .isEqualTo(15);
        assertThat(first(PlainRules.lag(BOUNDS, 50), 10, Signal.LAG, 950)).isEqualTo(19);
        assertThat(first(PlainRules.waiting(BOUNDS, 50), 10, Signal.WAITING, 800)).isEqualTo(16);
        assertThat(first(PlainRules.gpuDoubles(BOUNDS), 10, Signal.GPU, 0.81)).isEqualTo(20);
    }

    @Test
    void and_stays_where_its_number_is_kept() {
        assertThat(first(PlainRules.cpu(BOUNDS, 70), 10, Signal.CPU, 0.75)).isEqualTo(10);
        assertThat(first(PlainRules.lag(BOUNDS, 50), 10, Signal.LAG, 540)).isEqualTo(10);
        assertThat(first(PlainRules.gpuDoubles(BOUNDS), 10, Signal.GPU, 0.8)).isEqualTo(10);
    }

    @Test
    void the_behaviour_grows_by_the_double_or_four_a_minute() {
        Policy.Session session = PlainRules.service(BOUNDS).start();
        assertThat(cpu(session, 0, 2, 4).replicas()).isEqualTo(6);
        assertThat(cpu(session, 15, 6, 4).replicas()).isEqualTo(6);
        assertThat(cpu(session, 75, 6, 4).replicas()).isEqualTo(12);
    }

    @Test
    void the_behaviour_shrinks_by_a_fifth_a_minute_after_five_minutes() {
        Policy.Session session = PlainRules.service(BOUNDS).start();
        assertThat(cpu(session, 0, 20, 0.7).replicas()).isEqualTo(20);
        assertThat(cpu(session, 285, 20, 0.1).limits()).contains(Limit.WINDOW);
        assertThat(cpu(session, 300, 20, 0.1).replicas()).isEqualTo(16);
        assertThat(cpu(session, 330, 16, 0.1).replicas()).isEqualTo(16);
        assertThat(cpu(session, 375, 16, 0.1).replicas()).isEqualTo(12);
    }

    @Test
    void a_gpu_doubles_again_only_when_what_it_ordered_is_ready() {
        Policy.Session session = PlainRules.gpuDoubles(BOUNDS).start();
        Verdict starts = session.decide(Signals.at(0, 8, 4).with(Signal.GPU, 0.95).build());
        assertThat(starts.replicas()).isEqualTo(8);
        assertThat(starts.reason()).isEqualTo("gpu at 95 %: still starts, 8");
        assertThat(
                        session.decide(Signals.at(60_000, 8, 8).with(Signal.GPU, 0.95).build())
                                .replicas())
                .isEqualTo(16);
        assertThat(
                        session.decide(Signals.at(120_000, 30, 30).with(Signal.GPU, 0.95).build())
                                .limits())
                .containsExactly(Limit.MAX);
    }

    @Test
    void a_quiet_cpu_shrinks_to_two_and_no_less_after_five_minutes() {
        Policy.Session session = PlainRules.cpuShrinks(new Bounds(0, 40)).start();
        assertThat(cpu(session, 0, 9, 0.29).replicas()).isEqualTo(9);
        assertThat(cpu(session, 299, 9, 0.29).replicas()).isEqualTo(9);
        assertThat(cpu(session, 300, 9, 0.29).replicas()).isEqualTo(2);
        assertThat(cpu(session, 900, 2, 0.01).replicas()).isEqualTo(2);
        assertThat(cpu(session, 910, 9, Double.NaN).limits()).containsExactly(Limit.SILENT);
    }

    private static int first(Policy policy, int replicas, Signal signal, double value) {
        return policy.start()
                .decide(Signals.at(0, replicas, replicas).with(signal, value).build())
                .replicas();
    }

    private static Verdict cpu(Policy.Session session, long second, int replicas, double share) {
        return session.decide(
                Signals.at(second * 1000, replicas, replicas)
                        .with(Signal.CPU, share)
                        .with(Signal.MEMORY, 0.1)
                        .with(Signal.WAITING, 0)
                        .build());
    }
}
