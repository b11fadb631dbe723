package dev.tidemill.rehearsal.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.rehearsal.Fault;
import dev.tidemill.rehearsal.MinuteReplay;
import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.scaling.objective.ObjectivePolicy;
import dev.tidemill.scaling.objective.Queueing;
import dev.tidemill.scaling.objective.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SlotReplayTest {
    private static final Service SLOW = Service.of(4, 8, 180, 2);

    @Test
    void one_replica_with_random_times_is_late_as_often_as_the_formula_says() {
        Outcome outcome = play(random(4000, 20), fixed(1), 1, Chances.EXPONENTIAL);
        double formula = Queueing.lateShare(4, 20 / 60.0 * 8, 8, 2, 1);
        assertThat(outcome.lateShare()).isCloseTo(formula, within(0.03));
        assertThat(outcome.replicaHours()).isCloseTo(4000 / 60.0, within(1e-9));
    }

    @Test
    void constant_times_make_fewer_requests_late_than_random_ones_and_wider_ones_more() {
        MinuteTrace trace = flat(1000, 90);
        double constant = late(trace, 4, Chances.EXPONENTIAL.withSlotSpread(0));
        double random = late(trace, 4, Chances.EXPONENTIAL);
        double wide = late(trace, 4, Chances.EXPONENTIAL.withSlotSpread(3));
        assertThat(constant).isLessThan(0.7 * random);
        assertThat(wide).isGreaterThan(1.2 * random);
    }

    @Test
    void a_replica_each_with_its_own_queue_makes_more_requests_late_than_one_queue_would() {
        double formula = Queueing.lateShare(16, 90 / 60.0 * 8, 8, 2, 1);
        assertThat(late(random(1000, 90), 4, Chances.EXPONENTIAL))
                .isBetween(1.05 * formula, 6 * formula);
    }

    @Test
    void a_minute_of_one_request_too_many_is_not_a_minute_of_late_requests() {
        // 30 a minute are served. The formula knows no queue that has yet to build up.
        double[] counts = new double[30];
        Arrays.fill(counts, 10);
        counts[15] = 31;
        MinuteTrace trace = MinuteTrace.of(0, counts);
        Outcome even =
                SlotReplay.run(
                        Scene.of(trace, SLOW, 1).withSeed(0),
                        Chances.EXPONENTIAL.withSlotSpread(0),
                        fixed(1),
                        Watcher.NONE);
        assertThat(even.late()).isLessThan(3);
        assertThat(MinuteReplay.run(trace, SLOW, fixed(1), 1, _ -> {}).late()).isGreaterThan(30);
    }

    @Test
    void a_replica_serves_one_start_up_after_its_order_and_says_what_it_took() {
        List<Signals> seen = new ArrayList<>();
        Outcome outcome = play(flat(60, 60), watched(4, seen), 1, Chances.EXPONENTIAL);
        assertThat(outcome.replicaHours()).isCloseTo(4 - 3 * 15 / 3600.0, within(1e-9));
        assertThat(outcome.minutesOut()).isGreaterThanOrEqualTo(3);
        assertThat(seen.get(11).ready()).isEqualTo(1);
        assertThat(seen.get(12).ready()).isEqualTo(4);
        assertThat(seen.get(11).has(Signal.START_SECONDS)).isFalse();
        assertThat(seen.get(12).get(Signal.START_SECONDS)).isEqualTo(180);
    }

    @Test
    void start_ups_by_chance_differ_and_keep_their_mean() {
        Chances chances = Chances.EXPONENTIAL.withStartSpread(0.5);
        List<Signals> seen = new ArrayList<>();
        play(flat(30, 10), watched(200, seen), 1, chances);
        int early = 0;
        int late = 0;
        for (Signals each : seen) {
            early = each.atMillis() <= 120_000 ? each.ready() : early;
            late = each.atMillis() <= 360_000 ? each.ready() : late;
        }
        assertThat(early).isBetween(20, 90);
        assertThat(late).isBetween(170, 199);
    }

    @Test
    void what_a_policy_sees_is_what_these_requests_did() {
        List<Signals> seen = new ArrayList<>();
        play(flat(600, 90), watched(4, seen), 4, Chances.EXPONENTIAL);
        double load = 90 / 60.0 * 8;
        List<Signals> settled = seen.subList(40, seen.size());
        assertThat(mean(settled, Signal.ARRIVALS)).isCloseTo(1.5, within(0.01));
        assertThat(mean(settled, Signal.CPU)).isCloseTo(load / 16, within(0.03));
        assertThat(mean(settled, Signal.SLOT_SECONDS)).isCloseTo(8, within(0.5));
        // In flight is who works and, by Little's law, who waits.
        assertThat(mean(settled, Signal.IN_FLIGHT))
                .isCloseTo(load + mean(settled, Signal.WAITING), within(0.5));
    }

    @Test
    void a_replica_that_goes_finishes_in_its_time_or_cuts() {
        MinuteTrace trace = flat(31, 40);
        Outcome patient =
                play(trace, down(), 4, Chances.EXPONENTIAL.withDrain(Duration.ofHours(1)));
        Outcome hasty = play(trace, down(), 4, Chances.EXPONENTIAL.withDrain(Duration.ZERO));
        assertThat(patient.cut()).isZero();
        assertThat(hasty.cut()).isBetween(2.0, 15.0);
    }

    @Test
    void requests_without_any_replica_wait_for_the_first_one() {
        Policy wakes = policy(seen -> seen.get(Signal.WAITING) > 0 ? 1 : seen.ordered());
        Outcome outcome = play(flat(30, 3), wakes, 0, Chances.EXPONENTIAL);
        assertThat(outcome.late()).isBetween(6.0, 30.0);
        assertThat(play(flat(30, 3), fixed(0), 0, Chances.EXPONENTIAL).late()).isEqualTo(90);
    }

    @Test
    void faults_are_played_too() {
        Scene scene = Scene.of(flat(60, 60), SLOW, 2).withSeed(3);
        List<Signals> seen = new ArrayList<>();
        var _ =
                SlotReplay.run(
                        scene.with(new Fault.Silence(10, 20)),
                        Chances.EXPONENTIAL,
                        watched(2, seen),
                        Watcher.NONE);
        assertThat(seen.stream().filter(each -> !each.has(Signal.IN_FLIGHT)).count()).isEqualTo(40);
        Outcome none =
                SlotReplay.run(
                        scene.with(new Fault.StockOut(0, 60)),
                        Chances.EXPONENTIAL,
                        fixed(5),
                        Watcher.NONE);
        assertThat(none.most()).isEqualTo(2);
    }

    @Test
    void the_same_seed_gives_the_same_and_another_one_something_else() {
        MinuteTrace trace = flat(300, 77.5);
        Policy policy = policy(seen -> 2 + (int) (seen.get(Signal.IN_FLIGHT) / 8));
        Outcome first = play(trace, policy, 3, Chances.EXPONENTIAL);
        assertThat(play(trace, policy, 3, Chances.EXPONENTIAL)).isEqualTo(first);
        Scene other = Scene.of(trace, SLOW, 3).withSeed(8);
        assertThat(SlotReplay.run(other, Chances.EXPONENTIAL, policy, Watcher.NONE))
                .isNotEqualTo(first);
        assertThat(first.requests()).isCloseTo(300 * 77.5, within(60.0));
    }

    @Test
    void looks_may_be_closer_together() {
        List<Signals> seen = new ArrayList<>();
        Chances chances = Chances.EXPONENTIAL.withLook(Duration.ofSeconds(2));
        play(flat(10, 60), watched(2, seen), 2, chances);
        assertThat(seen).hasSize(300);
        assertThat(seen.getLast().get(Signal.CPU)).isBetween(0.5, 1.0);
    }

    private static double late(MinuteTrace trace, int replicas, Chances chances) {
        return play(trace, fixed(replicas), replicas, chances).lateShare();
    }

    private static double mean(List<Signals> seen, Signal signal) {
        OptionalDouble mean =
                seen.stream()
                        .mapToDouble(each -> each.get(signal))
                        .filter(Double::isFinite)
                        .average();
        return mean.orElse(Double.NaN);
    }

    private static MinuteTrace flat(int minutes, double count) {
        double[] counts = new double[minutes];
        Arrays.fill(counts, count);
        return MinuteTrace.of(0, counts);
    }

    /// Counts by chance, as a formula of random arrivals has them.
    private static MinuteTrace random(int minutes, double mean) {
        SplittableRandom random = new SplittableRandom(11);
        double[] counts = new double[minutes];
        for (int i = 0; i < minutes; i++) {
            double left = Math.exp(-mean);
            for (double product = random.nextDouble(); product > left; counts[i]++) {
                product *= random.nextDouble();
            }
        }
        return MinuteTrace.of(0, counts);
    }

    private static Outcome play(MinuteTrace trace, Policy policy, int replicas, Chances chances) {
        return SlotReplay.run(
                Scene.of(trace, SLOW, replicas).withSeed(7), chances, policy, Watcher.NONE);
    }

    /// What a look of a second shows and one of fifteen hides must not change what is ordered: a
    /// live loop looks every second, the engine by minutes every fifteen.
    @Test
    void objective_comes_to_the_same_however_often_it_looks() {
        double[] counts = new double[100];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = i < 15 ? 18 : i < 40 ? 18 + 2.4 * (i - 15) : i < 45 ? 130 : 90;
        }
        MinuteTrace trace = MinuteTrace.of(0, counts);
        ObjectivePolicy policy =
                ObjectivePolicy.of(
                        new Bounds(1, 8),
                        Objective.wait(Duration.ofSeconds(2), 0.01),
                        Replica.of(4, Duration.ofSeconds(8), Duration.ofSeconds(180)));
        double[] second = looks(trace, policy, 1);
        double[] fifteen = looks(trace, policy, 15);
        assertThat(second[0]).isCloseTo(fifteen[0], within(0.05 * fifteen[0]));
        assertThat(second[1]).isCloseTo(fifteen[1], within(0.01));
    }

    /// Replica-hours and late share of ten seeds.
    private static double[] looks(MinuteTrace trace, Policy policy, int seconds) {
        double hours = 0;
        double late = 0;
        for (int seed = 1; seed <= 10; seed++) {
            Outcome outcome =
                    SlotReplay.run(
                            Scene.of(trace, SLOW, 2).withSeed(seed),
                            new Chances(0, 0, Duration.ofSeconds(seconds), Duration.ofMinutes(5)),
                            policy,
                            Watcher.NONE);
            hours += outcome.replicaHours() / 10;
            late += outcome.lateShare() / 10;
        }
        return new double[] {hours, late};
    }

    /// One fewer every ten minutes.
    private static Policy down() {
        return policy(seen -> (int) Math.max(1, 4 - seen.atMillis() / 600_000));
    }

    private static Policy watched(int replicas, List<Signals> seen) {
        return policy(each -> {
            seen.add(each);
            return replicas;
        });
    }

    private static Policy fixed(int replicas) {
        return policy(_ -> replicas);
    }

    private interface Count {
        int of(Signals seen);
    }

    private static Policy policy(Count count) {
        return new Policy() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public Session start() {
                return seen -> {
                    int replicas = count.of(seen);
                    return new Verdict(
                            seen, "test", "test", replicas, List.of(), replicas, () -> "test");
                };
            }
        };
    }
}
