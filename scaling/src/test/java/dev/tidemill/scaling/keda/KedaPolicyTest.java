package dev.tidemill.scaling.keda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KedaPolicyTest {
    private static final KedaPolicy LAG =
            KedaPolicy.of("keda", new Bounds(0, 20), Trigger.of(Signal.LAG, 10, 5));

    private int replicas;
    private long seconds;
    private final Set<Limit> met = EnumSet.noneOf(Limit.class);

    @Test
    void it_wakes_only_strictly_above_the_activation_threshold() {
        Policy.Session session = LAG.start();
        assertThat(run(session, 60, 5).replicas()).isZero();
        Verdict woken = run(session, 60, 6);
        assertThat(woken.replicas()).isEqualTo(1);
    }

    @Test
    void between_one_and_many_it_is_the_pod_autoscaler() {
        replicas = 1;
        Policy.Session session = LAG.start();
        run(session, 120, 95);
        assertThat(replicas).isEqualTo(10);
    }

    @Test
    void it_sleeps_only_after_the_whole_cooldown_without_an_active_trigger() {
        Policy.Session session = LAG.start();
        run(session, 60, 50);
        assertThat(replicas).isPositive();
        long last = seconds;
        while (replicas > 0 && seconds < last + 1000) {
            run(session, 5, 0);
        }
        assertThat(seconds - last).isBetween(300L - 30, 300L + 30 + 5);
    }

    @Test
    void a_failing_trigger_first_blocks_shrinking_then_calls_for_the_fallback() {
        replicas = 2;
        Policy.Session session = LAG.with(new Fallback(3, 6, Fallback.Behavior.STATIC)).start();
        run(session, 30, 20);
        run(session, 85, Double.NaN);
        assertThat(met).contains(Limit.SILENT);
        assertThat(replicas).isEqualTo(2);
        run(session, 60, Double.NaN);
        assertThat(replicas).isEqualTo(6);
    }

    @Test
    void a_fallback_if_higher_never_lowers_the_count() {
        replicas = 9;
        Policy.Session session =
                LAG.with(new Fallback(1, 4, Fallback.Behavior.CURRENT_REPLICAS_IF_HIGHER)).start();
        run(session, 900, Double.NaN);
        assertThat(replicas).isEqualTo(9);
    }

    @Test
    void at_zero_a_failing_trigger_wakes_nothing() {
        Policy.Session session = LAG.with(new Fallback(1, 4, Fallback.Behavior.STATIC)).start();
        Verdict verdict = run(session, 300, Double.NaN);
        assertThat(verdict.replicas()).isZero();
        assertThat(verdict.limits()).containsExactly(Limit.SILENT);
    }

    @Test
    void a_formula_replaces_the_triggers_and_survives_one_that_fails() {
        replicas = 1;
        Policy.Session session =
                KedaPolicy.of(
                                "keda",
                                new Bounds(0, 50),
                                Trigger.of(Signal.LAG, 10, 0),
                                Trigger.of(Signal.QUEUE_DEPTH, 10, 0))
                        .with(
                                new Modifiers(
                                        Formula.parse("(lag ?? 0) + queue_depth * 2"), 10, 0, true))
                        .start();
        Verdict last = null;
        for (int i = 0; i < 20; i++) {
            seconds += 15;
            last =
                    session.decide(
                            Signals.at(seconds * 1000, replicas, replicas)
                                    .with(Signal.QUEUE_DEPTH, 40)
                                    .build());
            replicas = last.replicas();
        }
        assertThat(replicas).isEqualTo(8);
        assertThat(Objects.requireNonNull(last).rule()).isEqualTo("(lag ?? 0) + queue_depth * 2");
    }

    private Verdict run(Policy.Session session, int forSeconds, double lag) {
        @Nullable Verdict last = null;
        for (int i = 0; i < forSeconds; i += 5) {
            seconds += 5;
            last =
                    session.decide(
                            Signals.at(seconds * 1000, replicas, replicas)
                                    .with(Signal.LAG, lag)
                                    .build());
            replicas = last.replicas();
            met.addAll(last.limits());
        }
        return Objects.requireNonNull(last);
    }
}
