package dev.tidemill.rehearsal.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.rehearsal.MinuteReplay;
import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.rehearsal.Tides;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.rehearsal.study.Family;
import dev.tidemill.rehearsal.study.Target;
import dev.tidemill.rehearsal.token.TokenTide.Lengths;
import dev.tidemill.rehearsal.trace.RequestLines;
import dev.tidemill.rehearsal.trace.RequestSource;
import dev.tidemill.rehearsal.trace.TraceOptions;
import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.scaling.objective.ObjectivePolicy;
import dev.tidemill.scaling.objective.Queueing;
import dev.tidemill.scaling.objective.Replica;
import dev.tidemill.scaling.objective.TokenCost;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestReplayTest {
    /// 0.1 ms a prompt token, 10 ms a step and 1 ms a sequence more.
    private static final TokenCost COST = new TokenCost(1e-4, 0.01, 0.001, 0, 0.1, 100_000, 8);

    @Test
    void one_request_alone_takes_its_prompt_and_its_steps() {
        TokenOutcome outcome = play(scene(1), lines("0,1000,11"), fixed(1));
        assertThat(outcome.ended()).isEqualTo(1);
        assertThat(outcome.outputTokens()).isEqualTo(11);
        assertThat(outcome.ttft50()).isCloseTo(0.1, within(0.002));
        assertThat(outcome.itl50()).isCloseTo(0.011, within(0.0002));
    }

    @Test
    void a_batch_shares_its_steps_and_prompts_are_read_one_after_the_other() {
        // The second prompt is read after the first, 0.2 s, and the first waits for it; then two a
        // step.
        TokenOutcome outcome = play(scene(1), lines("0,1000,101", "0,2000,101"), fixed(1));
        assertThat(outcome.ttft99()).isCloseTo(0.3, within(0.006));
        // 100 steps of 12 ms for both, and 200 ms of reading for the first.
        assertThat(outcome.itl99()).isCloseTo(0.014, within(0.0003));
        assertThat(outcome.itl50()).isCloseTo(0.012, within(0.0003));
    }

    @Test
    void the_longer_the_context_the_longer_the_step() {
        TokenCost grows = new TokenCost(0, 0.01, 0, 1e-5, 1, 100_000, 8);
        TokenOutcome outcome =
                play(
                        TokenScene.of(grows, Duration.ZERO, Duration.ofSeconds(1), 1),
                        lines("0,1000,101"),
                        fixed(1));
        // 100 steps with a context from 1,001 to 1,100: 10 ms and a mean of 10.505 ms more.
        assertThat(outcome.itl50()).isCloseTo(0.020505, within(0.0004));
    }

    @Test
    void what_does_not_fit_the_cache_waits_and_what_never_will_is_refused() {
        TokenOutcome outcome =
                play(
                        scene(1),
                        lines("0,60000,1000", "1,60000,1000", "2,90000,20000", "3,10,10"),
                        fixed(1));
        assertThat(outcome.refused()).isEqualTo(1);
        assertThat(outcome.ended()).isEqualTo(3);
        assertThat(outcome.unfinished()).isZero();
        // The second waited for the first to end: 6 s of reading and 11 s of answering.
        assertThat(outcome.outcome().late()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void a_new_replica_serves_when_its_node_and_then_itself_has_started() {
        List<Double> ready = new ArrayList<>();
        TokenScene scene =
                TokenScene.of(COST, Duration.ofSeconds(60), Duration.ofSeconds(1), 1)
                        .withNodes(1, Duration.ofSeconds(120));
        Watcher watcher =
                new Watcher() {
                    @Override
                    public void minute(
                            int minute,
                            double requests,
                            double late,
                            double ordered,
                            double serve) {
                        ready.add(serve);
                    }
                };
        TokenOutcome outcome = RequestReplay.run(scene, tide(60, 6, 1), fixed(2), watcher);
        // Ordered after 15 s, it serves 180 s later: for the last three quarters of the fourth
        // minute.
        assertThat(ready.get(2)).isEqualTo(1);
        assertThat(ready.get(3)).isBetween(1.6, 1.9);
        assertThat(ready.get(4)).isEqualTo(2);
        assertThat(outcome.nodeHours()).isCloseTo((2 * 360 - 15) / 3600.0, within(0.01));
    }

    @Test
    void updates_replace_all_and_lose_nothing_failures_only_begin_again() {
        TokenScene scene = TokenScene.of(COST, Duration.ofSeconds(30), Duration.ofSeconds(2), 3);
        long all = play(scene, tide(300, 120, 5), fixed(3)).ended();
        TokenOutcome updated =
                play(scene.withUpdates(Duration.ofMinutes(20)), tide(300, 120, 5), fixed(3));
        assertThat(updated.ended()).isEqualTo(all);
        assertThat(updated.outcome().cut()).isZero();
        assertThat(updated.outcome().replicaHours()).isGreaterThan(6);
        TokenOutcome failing = play(scene.withFailures(0.5), tide(300, 120, 5), fixed(3));
        assertThat(failing.retried()).isPositive();
        assertThat(failing.ended()).isEqualTo(all);
        assertThat(failing.outcome().late()).isGreaterThan(updated.outcome().late());
    }

    @Test
    void a_fleet_that_has_grown_fails_as_often_as_it_is_large() {
        // From 1 to 50 replicas at once, each lost every 10 h and away for 10 min: 10 in 2 h.
        double[] away = {0};
        Watcher watcher =
                new Watcher() {
                    @Override
                    public void minute(
                            int minute,
                            double requests,
                            double late,
                            double ordered,
                            double ready) {
                        away[0] += minute < 11 ? 0 : 50 - ready;
                    }
                };
        for (long seed = 1; seed <= 10; seed++) {
            TokenScene scene =
                    TokenScene.of(COST, Duration.ofMinutes(10), Duration.ofSeconds(2), 1)
                            .withSeed(seed)
                            .withFailures(10);
            RequestReplay.run(scene, tide(5, 131, seed), fixed(50), watcher);
        }
        assertThat(away[0] / 10 / 10).as("failures in 2 h, seeds 1 to 10").isBetween(7.0, 13.0);
    }

    @Test
    void shrinking_cuts_only_what_outlasts_its_time_to_finish() {
        TokenScene scene = TokenScene.of(COST, Duration.ZERO, Duration.ofSeconds(2), 2);
        String[] lines = {"0,100,40000", "1,100,40000", "2,100,40000", "3,100,40000"};
        assertThat(play(scene, lines(lines), fixed(1)).outcome().cut()).isEqualTo(2);
        TokenOutcome patient = play(scene.withDrain(Duration.ofHours(1)), lines(lines), fixed(1));
        assertThat(patient.outcome().cut()).isZero();
        assertThat(patient.ended()).isEqualTo(4);
    }

    @Test
    void without_tokens_it_agrees_with_the_formula() {
        double[] flat = new double[24 * 60];
        Arrays.fill(flat, 90);
        RequestSource source =
                new SlotRequests(new TokenTide(MinuteTrace.of(0, flat), 1, Lengths.NONE, 3), 4);
        TokenScene scene =
                TokenScene.of(
                        TokenScene.slots(4, 8), Duration.ofSeconds(180), Duration.ofSeconds(2), 4);
        Outcome outcome = RequestReplay.run(scene, source, fixed(4), Watcher.NONE).outcome();
        double formula = Queueing.lateShare(16, 12, 8, 2, 1);
        assertThat(outcome.requests()).isCloseTo(24 * 60 * 90, within(1500.0));
        assertThat(outcome.lateShare()).isCloseTo(formula, within(0.15 * formula));
        assertThat(outcome.replicaHours()).isCloseTo(96, within(0.2));
    }

    @Test
    void both_engines_agree_on_a_policy_within_a_tenth_of_its_cost_and_two_points_of_lateness() {
        MinuteTrace trace = Tides.SMALL.trace(3, 2);
        Service service = Service.of(4, 8, 180, 2);
        Target target = Target.of(service, new Bounds(1, 100), 0.01, trace);
        TokenScene scene =
                TokenScene.of(TokenScene.slots(4, 8), service.startUp(), service.waitLimit(), 3);
        for (Family family : List.of(Family.OBJECTIVE, Family.HPA, Family.KPA_HOLD)) {
            Policy policy = family.usual(target).policy();
            Outcome minutes =
                    MinuteReplay.run(Scene.of(trace, service, 3).withSeed(1), policy, Watcher.NONE);
            Outcome requests =
                    RequestReplay.run(
                                    scene,
                                    new SlotRequests(new TokenTide(trace, 1, Lengths.NONE, 3), 4),
                                    policy,
                                    Watcher.NONE)
                            .outcome();
            System.out.printf(
                    "%-14s minutes %.2f %% %.0f h, requests %.2f %% %.0f h%n",
                    policy.name(),
                    100 * minutes.lateShare(),
                    minutes.replicaHours(),
                    100 * requests.lateShare(),
                    requests.replicaHours());
            assertThat(requests.replicaHours())
                    .isCloseTo(minutes.replicaHours(), within(0.1 * minutes.replicaHours()));
            assertThat(requests.lateShare()).isCloseTo(minutes.lateShare(), within(0.02));
        }
    }

    @Test
    void the_same_seed_comes_out_the_same_and_every_request_is_accounted_for() {
        for (long seed = 1; seed <= 5; seed++) {
            TokenScene scene =
                    TokenScene.of(COST, Duration.ofSeconds(20), Duration.ofSeconds(2), 2)
                            .withSeed(seed)
                            .withFailures(0.3)
                            .withNodes(2, Duration.ofSeconds(60))
                            .withUpdates(Duration.ofMinutes(15));
            Policy policy =
                    Family.KEDA
                            .usual(
                                    Target.of(
                                            Service.of(8, 2, 20, 2),
                                            new Bounds(1, 30),
                                            0.01,
                                            Tides.SMALL.trace(1, 1)))
                            .policy();
            TokenOutcome once = play(scene, tide(400, 90, seed), policy);
            assertThat(play(scene, tide(400, 90, seed), policy)).isEqualTo(once);
            int arrived = 0;
            RequestSource count = tide(400, 90, seed);
            while (count.next()) {
                arrived++;
            }
            assertThat(
                            once.ended()
                                    + once.refused()
                                    + once.unfinished()
                                    + (long) once.outcome().cut())
                    .as("seed %d", seed)
                    .isEqualTo(arrived);
            assertThat(once.retried()).as("seed %d", seed).isPositive();
            assertThat(once.outcome().requests()).as("seed %d", seed).isEqualTo(arrived);
        }
    }

    @Test
    void what_never_begins_is_late() {
        // Each takes an hour and one is worked on at a time: nine wait for ever.
        TokenCost slow = new TokenCost(0, 3.6, 0, 0, 10, 100_000, 1);
        String[] lines = new String[10];
        Arrays.setAll(lines, i -> i + ",1,1001");
        TokenOutcome outcome =
                play(
                        TokenScene.of(slow, Duration.ZERO, Duration.ofSeconds(1), 1),
                        lines(lines),
                        fixed(1));
        assertThat(outcome.unfinished()).isEqualTo(9);
        assertThat(outcome.outcome().requests()).isEqualTo(10);
        assertThat(outcome.outcome().late()).isEqualTo(9);
    }

    @Test
    void a_prompt_that_is_cut_before_it_began_is_late() {
        // Two replicas get four prompts of 100 s each; the one that leaves drops both of its own.
        TokenCost slow = new TokenCost(1, 0.01, 0, 0, 10, 100_000, 8);
        TokenScene scene =
                TokenScene.of(slow, Duration.ZERO, Duration.ofSeconds(1), 2)
                        .withDrain(Duration.ofSeconds(1));
        TokenOutcome outcome =
                play(scene, lines("0,100,2", "1,100,2", "2,100,2", "3,100,2"), fixed(1));
        assertThat(outcome.outcome().cut()).isEqualTo(2);
        assertThat(outcome.outcome().requests()).isEqualTo(4);
        assertThat(outcome.outcome().late()).isEqualTo(2);
    }

    @Test
    void a_promise_is_kept_where_reading_prompts_takes_longest_and_batches_are_half_empty() {
        TokenCost cost = new TokenCost(5e-5, 0.008, 0.0002, 2e-9, 0.1, 1_000_000, 64);
        ObjectivePolicy policy =
                ObjectivePolicy.of(
                        new Bounds(1, 100),
                        Objective.wait(Duration.ofSeconds(2), 0.01),
                        new Replica(64, Duration.ofSeconds(8), Duration.ofSeconds(120), cost));
        double[] counts = new double[480];
        Arrays.fill(counts, 300);
        TokenOutcome outcome =
                play(
                        TokenScene.of(cost, Duration.ofSeconds(120), Duration.ofSeconds(2), 8),
                        new TokenTide(MinuteTrace.of(0, counts), 2, Lengths.MOONCAKE, 5),
                        policy);
        assertThat(outcome.outcome().late() / outcome.outcome().requests()).isLessThan(0.03);
        assertThat(outcome.outcome().replicaHours() / 8).isBetween(5.0, 14.0);
    }

    private static TokenScene scene(int replicas) {
        return TokenScene.of(COST, Duration.ofSeconds(10), Duration.ofSeconds(1), replicas);
    }

    private static TokenOutcome play(TokenScene scene, RequestSource source, Policy policy) {
        return RequestReplay.run(scene, source, policy, Watcher.NONE);
    }

    /// Azure-like requests, so many a minute.
    private static RequestSource tide(double perMinute, int minutes, long seed) {
        double[] counts = new double[minutes];
        Arrays.fill(counts, perMinute);
        return new TokenTide(MinuteTrace.of(0, counts), 1, Lengths.AZURE, seed);
    }

    private static RequestSource lines(String... rows) {
        List<String> lines = new ArrayList<>(List.of("timestamp_ms,input_tokens,output_tokens"));
        lines.addAll(List.of(rows));
        return new RequestLines(lines.iterator(), TraceOptions.of(ZoneOffset.UTC));
    }

    private static Policy fixed(int replicas) {
        return new Policy() {
            @Override
            public String name() {
                return "fixed";
            }

            @Override
            public Session start() {
                return seen ->
                        new Verdict(
                                seen,
                                "fixed",
                                "fixed",
                                replicas,
                                List.of(),
                                replicas,
                                () -> "fixed");
            }
        };
    }
}
