package dev.tidemill.scaling.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RuleSetTest {
    private static final Bounds BOUNDS = new Bounds(1, 20);
    private static final StepPolicy GPU =
            new StepPolicy("gpu-doubles", BOUNDS, Signal.GPU, 0.8, 2, Double.NaN, 1);
    private static final StepPolicy IDLE =
            new StepPolicy("cpu-shrinks", BOUNDS, Signal.CPU, Double.NaN, 1, 0.3, 2);

    private long now;

    @Test
    void the_rule_that_wants_most_wins() {
        Policy.Session session = rules(List.of(PlainRules.queueDepth(BOUNDS, 100)), GPU).start();
        Verdict verdict = session.decide(seen(4, 0.95, 0.9, 450));
        assertThat(verdict.replicas()).isEqualTo(8);
        assertThat(verdict.reason()).isEqualTo("gpu at 95 %: multiplied, 8");
    }

    @Test
    void a_rule_that_only_grows_does_not_keep_the_others_from_shrinking() {
        Policy.Session session = rules(List.of(), GPU, IDLE).start();
        assertThat(session.decide(seen(6, 0.5, 0.1, 0)).replicas()).isEqualTo(6);
        now += 400_000;
        assertThat(session.decide(seen(6, 0.5, 0.1, 0)).replicas()).isEqualTo(2);
    }

    @Test
    void it_never_shrinks_below_what_another_rule_wants() {
        Policy.Session session = rules(List.of(PlainRules.queueDepth(BOUNDS, 100)), IDLE).start();
        session.decide(seen(6, 0.5, 0.1, 500));
        now += 400_000;
        assertThat(session.decide(seen(6, 0.5, 0.1, 500)).replicas()).isEqualTo(5);
    }

    @Test
    void it_is_silent_only_when_no_rule_can_be_read() {
        Policy.Session session = rules(List.of(), GPU, IDLE).start();
        Verdict none = session.decide(Signals.at(now, 3, 3).build());
        assertThat(none.met(Limit.SILENT)).isTrue();
        Verdict one = session.decide(Signals.at(now, 3, 3).with(Signal.CPU, 0.5).build());
        assertThat(one.limits()).isEmpty();
        assertThat(one.replicas()).isEqualTo(3);
    }

    private Signals seen(int replicas, double gpu, double cpu, double queue) {
        return Signals.at(now, replicas, replicas)
                .with(Signal.GPU, gpu)
                .with(Signal.CPU, cpu)
                .with(Signal.QUEUE_DEPTH, queue)
                .build();
    }

    private static RuleSet rules(List<Policy> tracking, StepPolicy... steps) {
        return new RuleSet("rules", BOUNDS, tracking, List.of(steps));
    }
}
