package dev.tidemill.routing.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CanaryJudgeTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void a_step_takes_its_time_however_good_the_figures_are() {
        CanaryDecision decision = judge().decide(begun(), seen(900, 0, 10), seen(100, 0, 10), 1);
        assertThat(decision).isInstanceOf(CanaryDecision.Hold.class);
        assertThat(decision.reason()).isEqualTo("step 1 of 3 (10 %): 0 ms of 2 min are over");
    }

    @Test
    void no_step_ends_well_without_enough_requests() {
        CanaryDecision decision =
                judge().decide(begun(), seen(900, 0, 10), seen(99, 0, 10), 3 * MINUTE);
        assertThat(decision.reason())
                .isEqualTo(
                        "step 1 of 3 (10 %): 99 of the 100 requests that the new version must"
                                + " answer");
        assertThat(judge().decide(begun(), seen(30, 0, 10), seen(100, 0, 10), 3 * MINUTE).reason())
                .endsWith("30 of the 100 requests that the stable version must answer");
    }

    @Test
    void good_figures_lead_from_step_to_step_until_all_requests_are_the_new_versions() {
        CanaryDecision second =
                judge().decide(begun(), seen(900, 9, 10), seen(100, 1, 10), 2 * MINUTE);
        assertThat(second).isInstanceOf(CanaryDecision.Step.class);
        assertThat(second.state().share(rule(CanaryRule.WhenLate.HOLD))).isEqualTo(0.5);
        assertThat(second.reason())
                .isEqualTo(
                        "step 2 of 3 (50 %) after step 1 of 3 (10 %): 1 of 100 requests failed"
                                + " (1 %), 9 of 900 of the stable version's (1 %), with 95 %"
                                + " confidence at most 5.0 points more (allowed: 1.0); p95 10 ms,"
                                + " the stable version's 10 ms (allowed: 1.5 times that)");
        CanaryDecision third =
                judge().decide(second.state(), seen(500, 5, 10), seen(500, 5, 10), 4 * MINUTE);
        assertThat(third).isInstanceOf(CanaryDecision.Step.class);
        CanaryDecision end =
                judge().decide(third.state(), Evidence.NONE, seen(900, 9, 10), 6 * MINUTE);
        assertThat(end).isInstanceOf(CanaryDecision.Promote.class);
        assertThat(judge().decide(end.state(), Evidence.NONE, seen(9, 9, 10), 9 * MINUTE))
                .isInstanceOf(CanaryDecision.Hold.class);
    }

    @Test
    void with_all_requests_the_new_version_is_held_against_what_the_stable_one_did_before() {
        CanaryState last =
                new CanaryState(CanaryState.Phase.STEPPING, 2, 0, 0, 0, seen(1_000, 200, 10));
        assertThat(judge().decide(last, Evidence.NONE, seen(1_000, 205, 10), 2 * MINUTE))
                .isInstanceOf(CanaryDecision.Promote.class);
        assertThat(judge().decide(last, Evidence.NONE, seen(1_000, 400, 10), 1))
                .isInstanceOf(CanaryDecision.Rollback.class);
    }

    @Test
    void a_new_version_that_is_tried_with_copies_gets_everything_at_once_or_nothing_ever() {
        CanaryRule rule =
                new CanaryRule(
                        List.of(0.0, 1.0),
                        2 * MINUTE,
                        60 * MINUTE,
                        CanaryRule.WhenLate.HOLD,
                        new CanaryRule.Gates(0.01, Optional.empty(), Optional.empty(), 100, 0.95));
        CanaryJudge judge = new CanaryJudge(rule);
        assertThat(begun().isTrial(rule)).isTrue();
        assertThat(begun().share(rule)).isZero();

        CanaryDecision all = judge.decide(begun(), seen(900, 9, 10), seen(900, 9, 10), 2 * MINUTE);

        assertThat(all).isInstanceOf(CanaryDecision.Step.class);
        assertThat(all.state().share(rule)).isEqualTo(1);
        assertThat(all.state().isTrial(rule)).isFalse();
        assertThat(all.reason()).startsWith("step 2 of 2 (100 %) after step 1 of 2 (copies): ");
        assertThat(
                        judge.decide(all.state(), Evidence.NONE, seen(100, 60, 10), 2 * MINUTE)
                                .state()
                                .share(rule))
                .isZero();
        assertThat(judge.decide(all.state(), Evidence.NONE, seen(900, 9, 10), 4 * MINUTE))
                .isInstanceOf(CanaryDecision.Promote.class);
        CanaryDecision bad = judge.decide(begun(), seen(90, 0, 10), seen(10, 10, 10), 1);
        assertThat(bad).isInstanceOf(CanaryDecision.Rollback.class);
        assertThat(bad.reason()).startsWith("rolled back at step 1 of 2 (copies): ");
    }

    @Test
    void no_rollout_is_of_copies_alone() {
        assertThatThrownBy(() ->
                        new CanaryRule(
                                List.of(0.0),
                                1,
                                1,
                                CanaryRule.WhenLate.HOLD,
                                rule(CanaryRule.WhenLate.HOLD).gates()))
                .hasMessageContaining("canary steps: '[0.0]'");
    }

    @Test
    void a_version_that_answers_nothing_goes_after_ten_requests() {
        assertThat(judge().decide(begun(), seen(81, 0, 10), seen(9, 9, 10), 1))
                .isInstanceOf(CanaryDecision.Hold.class);
        CanaryDecision gone = judge().decide(begun(), seen(90, 0, 10), seen(10, 10, 10), 1);
        assertThat(gone).isInstanceOf(CanaryDecision.Rollback.class);
        assertThat(gone.reason())
                .isEqualTo(
                        "rolled back at step 1 of 3 (10 %): 10 of 10 requests failed (100 %), 0 of"
                                + " 90 of the stable version's (0 %), at least 47.3 points more"
                                + " (allowed: 1.0; exact binomial bounds, confidence 99.58 %)");
        assertThat(gone.state().share(rule(CanaryRule.WhenLate.HOLD))).isZero();
    }

    @Test
    void a_few_errors_among_few_requests_prove_nothing() {
        assertThat(judge().decide(begun(), seen(90, 0, 10), seen(10, 2, 10), 1))
                .isInstanceOf(CanaryDecision.Hold.class);
        CanaryDecision held =
                judge().decide(begun(), seen(900, 9, 10), seen(100, 4, 10), 3 * MINUTE);
        assertThat(held).isInstanceOf(CanaryDecision.Hold.class);
        assertThat(held.reason()).contains("more errors than allowed, by chance perhaps");
    }

    @Test
    void looks_come_when_there_are_half_as_many_requests_again() {
        CanaryState state = begun();
        int looks = 0;
        for (long requests = 1; requests <= 100; requests++) {
            state = judge().decide(state, seen(900, 0, 10), seen(requests, 0, 10), MINUTE).state();
            if (state.looks() > looks) {
                looks = state.looks();
                assertThat(state.lookedAt()).isEqualTo(requests).isIn(10L, 15L, 22L, 33L, 49L, 73L);
            }
        }
        assertThat(looks).isEqualTo(6);
    }

    @Test
    void a_version_that_is_twice_as_slow_goes() {
        CanaryDecision gone = judge().decide(begun(), seen(900, 0, 10), seen(100, 0, 20), 1);
        assertThat(gone).isInstanceOf(CanaryDecision.Rollback.class);
        assertThat(gone.reason())
                .startsWith(
                        "rolled back at step 1 of 3 (10 %): p95 20 ms, the stable version's 10 ms"
                                + " (allowed: 1.5 times that); 100 of 100 took longer than");
    }

    @Test
    void too_few_answers_of_the_stable_version_make_nobody_slow() {
        CanaryDecision held = judge().decide(begun(), seen(50, 0, 10), seen(100, 0, 900), 1);
        assertThat(held).isInstanceOf(CanaryDecision.Hold.class);
    }

    @Test
    void a_limit_in_time_needs_no_stable_version() {
        CanaryRule rule =
                new CanaryRule(
                        List.of(1.0),
                        MINUTE,
                        MINUTE,
                        CanaryRule.WhenLate.HOLD,
                        new CanaryRule.Gates(
                                1,
                                Optional.empty(),
                                Optional.of(new LatencyGate.Absolute(50_000_000)),
                                100,
                                0.95));
        CanaryDecision gone =
                new CanaryJudge(rule).decide(begun(), Evidence.NONE, seen(60, 0, 80), 1);
        assertThat(gone.reason()).contains("(allowed: 50 ms)");
        assertThat(gone).isInstanceOf(CanaryDecision.Rollback.class);
    }

    @Test
    void little_traffic_is_said_and_then_the_rule_decides() {
        CanaryDecision held = judge().decide(begun(), seen(27, 0, 10), seen(3, 0, 10), 31 * MINUTE);
        assertThat(held).isEqualTo(new CanaryDecision.Hold(held.state(), held.reason(), true));
        assertThat(held.reason())
                .isEqualTo(
                        "step 1 of 3 (10 %), undecided after 30 min: 3 of the 100 requests that the"
                                + " new version must answer");
        CanaryDecision gone =
                new CanaryJudge(rule(CanaryRule.WhenLate.ROLLBACK))
                        .decide(begun(), seen(27, 0, 10), seen(3, 0, 10), 31 * MINUTE);
        assertThat(gone).isInstanceOf(CanaryDecision.Rollback.class);
        assertThat(gone.reason()).startsWith("rolled back at step 1 of 3 (10 %), undecided after");
    }

    @Test
    void a_clock_that_wraps_changes_nothing() {
        long before = Long.MAX_VALUE - 10;
        assertThat(
                        judge().decide(
                                        CanaryState.begin(before),
                                        seen(900, 0, 10),
                                        seen(100, 0, 10),
                                        before + 2 * MINUTE))
                .isInstanceOf(CanaryDecision.Step.class);
    }

    @Test
    void steps_rise() {
        assertThatThrownBy(() ->
                        new CanaryRule(
                                List.of(0.5, 0.1),
                                0,
                                0,
                                CanaryRule.WhenLate.HOLD,
                                rule(CanaryRule.WhenLate.HOLD).gates()))
                .hasMessage(
                        "canary steps: '[0.5, 0.1]' (expected: rising, from 0, the last above it, at"
                                + " most 1)");
    }

    @Test
    void a_latency_is_in_the_bucket_that_ends_at_it_or_above() {
        assertThat(Latencies.bucketOf(0)).isZero();
        assertThat(Latencies.bucketOf(50_000)).isZero();
        assertThat(Latencies.bucketOf(50_001)).isEqualTo(1);
        assertThat(Latencies.bucketOf(Long.MAX_VALUE)).isEqualTo(Latencies.BUCKETS - 1);
        assertThat(seen(100, 0, 40).latency().quantile(0.95)).isBetween(40e6, 42e6);
    }

    private static CanaryState begun() {
        return CanaryState.begin(0);
    }

    private static CanaryJudge judge() {
        return new CanaryJudge(rule(CanaryRule.WhenLate.HOLD));
    }

    private static CanaryRule rule(CanaryRule.WhenLate late) {
        return new CanaryRule(
                List.of(0.1, 0.5, 1.0),
                2 * MINUTE,
                30 * MINUTE,
                late,
                new CanaryRule.Gates(
                        0.01,
                        Optional.of(new LatencyGate.Factor(1.5)),
                        Optional.empty(),
                        100,
                        0.95));
    }

    /// All of them as fast as one another.
    private static Evidence seen(long requests, long failures, int millis) {
        long[] counts = new long[Latencies.BUCKETS];
        counts[Latencies.bucketOf(millis * 1_000_000L)] = requests;
        return new Evidence(requests, failures, Latencies.of(counts));
    }
}
