package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.concurrency.ConcurrencyPolicy;
import dev.tidemill.scaling.concurrency.ScalingRule;
import dev.tidemill.scaling.guard.GuardedPolicy;
import dev.tidemill.scaling.guard.GuardedPolicy.Safety;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.scaling.objective.ObjectivePolicy;
import dev.tidemill.scaling.objective.Replica;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScalerTest {
    private static final ScalingRule RULE =
            new ScalingRule(2, 4, 8, Duration.ofSeconds(2), Duration.ZERO, Duration.ofSeconds(5));

    private final RecordedTarget target = new RecordedTarget(2);
    private final List<ScalingDecision> written = new ArrayList<>();
    private long wallMillis = Instant.parse("2026-11-21T09:00:00Z").toEpochMilli();
    private long nanos;
    private Scaler scaler = scaler(new ConcurrencyPolicy("concurrency", RULE));

    @Test
    void load_is_answered_by_one_order_with_its_reason() {
        tick(32);
        tick(32);
        assertThat(target.orders)
                .containsExactly("digits 4: 32.0 requests in flight need 4 at 8 a replica");
    }

    @Test
    void when_load_ends_the_target_returns_to_its_minimum_after_the_window() {
        tick(32);
        for (int i = 0; i < 10; i++) {
            tick(0);
        }
        assertThat(target.replicas).isEqualTo(2);
        assertThat(target.orders).hasSize(2);
        assertThat(target.orders.getLast()).endsWith("but min is 2");
    }

    @Test
    void a_breach_is_answered_within_two_seconds_after_a_quiet_hour() {
        for (Policy policy :
                List.of(
                        new ConcurrencyPolicy("concurrency", RULE),
                        ObjectivePolicy.of(
                                new Bounds(2, 9),
                                Objective.wait(Duration.ofSeconds(1), 0.01),
                                Replica.of(8, Duration.ofMillis(100), Duration.ofSeconds(2))))) {
            target.replicas = 2;
            target.orders.clear();
            scaler = scaler(policy);
            for (int second = 0; second < 3600; second++) {
                traffic(4, 0.4);
            }
            assertThat(target.replicas).as(policy.name()).isEqualTo(2);
            int before = target.orders.size();
            traffic(400, 40);
            traffic(400, 80);
            assertThat(target.orders.size()).as(policy.name()).isGreaterThan(before);
            assertThat(target.replicas).as(policy.name()).isGreaterThan(2);
        }
    }

    @Test
    void a_gateway_that_does_not_answer_changes_nothing_for_the_time_that_is_stated() {
        scaler = scaler(guarded(new Safety(Duration.ofMinutes(5), 2)));
        tick(32);
        for (int i = 0; i < 299; i++) {
            assertThat(silence().reason()).isEqualTo("no signal: holding at 4");
        }
        assertThat(target.replicas).isEqualTo(4);
    }

    @Test
    void a_gateway_that_stays_away_leads_to_the_safe_count_and_not_to_twice_its_cost() {
        scaler = scaler(guarded(new Safety(Duration.ofMinutes(5), 2)));
        tick(32);
        for (int i = 0; i < 400; i++) {
            silence();
        }
        assertThat(target.replicas).isEqualTo(2);
        assertThat(target.orders.getLast()).contains("no signal for").contains("the safe 2");
    }

    @Test
    void a_gateway_that_is_back_counts_at_once() {
        scaler = scaler(guarded(new Safety(Duration.ofMinutes(5), 2)));
        tick(32);
        for (int i = 0; i < 400; i++) {
            silence();
        }
        tick(32);
        assertThat(target.replicas).isEqualTo(4);
    }

    @Test
    void a_pinned_target_ignores_load_until_it_is_released() {
        scaler.pin(1);
        tick(32);
        assertThat(target.replicas).isEqualTo(1);
        assertThat(scaler.reason()).startsWith("pinned by hand at 1; otherwise: 32.0 requests");
        scaler.release();
        tick(32);
        assertThat(target.replicas).isEqualTo(4);
    }

    @Test
    void a_clock_that_goes_back_an_hour_shrinks_nothing_for_five_minutes_and_goes_on() {
        tick(32);
        wallMillis -= 3_600_000;
        jumped();
        tick(32);
        tick(32);
        assertThat(target.replicas).isEqualTo(4);
    }

    @Test
    void a_clock_that_leaps_ahead_as_after_sleep_shrinks_nothing_for_five_minutes() {
        tick(32);
        wallMillis += 8 * 3_600_000;
        jumped();
        tick(32);
        tick(32);
        assertThat(target.replicas).isEqualTo(4);
    }

    /// The first looks after a jump find no load at all.
    private void jumped() {
        assertThat(target.replicas).isEqualTo(4);
        for (int second = 0; second < 300; second++) {
            tick(0);
            assertThat(target.replicas).as("%d s after the jump", second).isEqualTo(4);
        }
        assertThat(scaler.reason()).startsWith("the clock has jumped: holding at 4; otherwise: ");
        tick(0);
        assertThat(target.replicas).isEqualTo(2);
    }

    @Test
    void load_after_a_jump_of_the_clock_is_answered_and_what_came_with_it_goes_with_it() {
        tick(20);
        assertThat(target.replicas).isEqualTo(3);
        wallMillis += 8 * 3_600_000;
        tick(32);
        tick(32);
        assertThat(target.replicas).isEqualTo(4);
        for (int second = 0; second < 20; second++) {
            tick(0);
        }
        assertThat(target.replicas).isEqualTo(3);
    }

    @Test
    void a_count_that_is_set_by_hand_after_a_jump_of_the_clock_ends_its_hold() {
        tick(32);
        wallMillis += 8 * 3_600_000;
        tick(0);
        scaler.pin(4);
        scaler.release();
        tick(0);
        assertThat(target.replicas).isEqualTo(2);
    }

    @Test
    void a_clock_that_goes_back_by_seconds_does_not_delay_the_answer_to_load() {
        tick(4);
        wallMillis -= 40_000;
        tick(32);
        tick(32);
        assertThat(target.replicas).isGreaterThan(2);
    }

    @Test
    void decisions_are_written_when_they_say_something_new_and_once_a_minute() {
        for (int second = 0; second < 180; second++) {
            tick(4);
        }
        assertThat(written).hasSize(3);
        tick(32);
        assertThat(written).hasSize(4);
        ScalingDecision last = written.getLast();
        assertThat(last.target()).isEqualTo("digits");
        assertThat(last.ordered()).isEqualTo(2);
        assertThat(last.wanted()).isEqualTo(3);
        assertThat(last.replicas()).isEqualTo(3);
        assertThat(last.limits()).isEmpty();
        assertThat(last.signals()).containsEntry("requests in flight", 32.0);
        assertThat(last.reason()).contains("need 3");
    }

    @Test
    void wishes_that_change_with_every_look_are_written_every_few_seconds() {
        tick(32);
        tick(32);
        int before = written.size();
        for (int second = 0; second < 60; second++) {
            tick(second % 4 < 2 ? 32 : 16);
        }
        assertThat(target.replicas).isEqualTo(4);
        assertThat(written.size() - before).isBetween(8, 12);
    }

    @Test
    void the_measured_start_up_reaches_the_policy() {
        target.startSeconds = 7;
        tick(4);
        assertThat(written.getLast().signals()).containsEntry("s to start", 7.0);
    }

    private void tick(double concurrency) {
        traffic(100, concurrency);
    }

    private void traffic(double rate, double concurrency) {
        Map<Signal, Double> values = new EnumMap<>(Signal.class);
        values.put(Signal.ARRIVALS, rate);
        values.put(Signal.IN_FLIGHT, concurrency);
        second();
        scaler.tick(Measures.of(values));
    }

    private Verdict silence() {
        second();
        return scaler.tick(Measures.NONE);
    }

    private void second() {
        wallMillis += 1000;
        nanos += 1_000_000_000L;
    }

    private Scaler scaler(Policy policy) {
        return new Scaler(
                target, policy, () -> Instant.ofEpochMilli(wallMillis), () -> nanos, written::add);
    }

    private static Policy guarded(Safety safety) {
        return new GuardedPolicy(
                new ConcurrencyPolicy("concurrency", RULE),
                new Bounds(2, 4),
                List.of(),
                safety,
                null,
                Duration.ofSeconds(1));
    }
}
