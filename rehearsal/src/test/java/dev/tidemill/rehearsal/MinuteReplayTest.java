package dev.tidemill.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.rehearsal.trace.TraceOptions;
import dev.tidemill.rehearsal.trace.TraceReader;
import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.hpa.HpaPolicy;
import dev.tidemill.scaling.hpa.Metric;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.scaling.objective.ObjectivePolicy;
import dev.tidemill.scaling.objective.Queueing;
import dev.tidemill.scaling.objective.Replica;
import dev.tidemill.scaling.objective.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class MinuteReplayTest {
    private static final Service LLM = Service.of(4, 8, 180, 2);
    private static final Bounds BOUNDS = new Bounds(1, 200);

    @Test
    void a_fixed_fleet_is_late_as_often_as_the_formula_says() {
        double[] counts = new double[600];
        Arrays.fill(counts, 90);
        Outcome outcome = replay(MinuteTrace.of(0, counts), fixed(5), 5);
        double expected = Queueing.lateShare(20, 12, 8, 2, 1);
        assertThat(outcome.lateShare()).isCloseTo(expected, within(1e-9));
        assertThat(outcome.replicaHours()).isCloseTo(50, within(1e-9));
        assertThat(outcome.requests()).isCloseTo(54_000, within(1e-6));
    }

    @Test
    void an_overloaded_fleet_builds_a_backlog_that_outlives_the_load() {
        double[] counts = new double[60];
        Arrays.fill(counts, 10);
        Arrays.fill(counts, 10, 20, 120);
        Outcome outcome = replay(MinuteTrace.of(0, counts), fixed(3), 3);
        // 12 slots serve 90 a minute; 300 wait when the flood ends, and take 3.75 minutes more.
        assertThat(outcome.minutesOut()).isBetween(14, 16);
    }

    @Test
    void a_replica_serves_one_start_up_after_its_order_and_is_paid_from_the_order_on() {
        double[] counts = new double[60];
        Arrays.fill(counts, 60);
        Outcome outcome = replay(MinuteTrace.of(0, counts), fixed(4), 1);
        assertThat(outcome.minutesOut()).isGreaterThanOrEqualTo(3);
        assertThat(outcome.replicaHours()).isCloseTo(4 - 3 * 15 / 3600.0, within(1e-9));
    }

    @Test
    void the_same_replay_comes_out_the_same() {
        MinuteTrace trace = Tides.SMALL.trace(2, 5);
        assertThat(replay(trace, ours(Tuning.DEFAULT), 2))
                .isEqualTo(replay(Tides.SMALL.trace(2, 5), ours(Tuning.DEFAULT), 2));
        assertThat(replay(Tides.SMALL.trace(2, 6), ours(Tuning.DEFAULT), 2).requests())
                .isNotEqualTo(replay(trace, ours(Tuning.DEFAULT), 2).requests());
    }

    @Test
    void on_made_up_days_ours_keeps_its_promise_and_no_cpu_target_is_both_cheaper_and_less_late() {
        double oracle = 0;
        Sum ours = new Sum();
        Map<Integer, Sum> others = new TreeMap<>();
        for (long seed = 1; seed <= 3; seed++) {
            MinuteTrace trace = Tides.SMALL.trace(7, seed);
            oracle += Oracle.replicaHours(trace, LLM, 0.01, 1);
            ours.add(replay(trace, ours(Tuning.DEFAULT), 4));
            for (int percent = 40; percent <= 80; percent += 10) {
                others.computeIfAbsent(percent, _ -> new Sum()).add(replay(trace, hpa(percent), 4));
            }
        }
        assertThat(ours.lateShare()).isLessThan(0.01);
        assertThat(ours.hours / oracle).isLessThan(1.12);
        others.forEach((percent, other) ->
                assertThat(other.lateShare() > ours.lateShare() || other.hours > 1.03 * ours.hours)
                        .as("cpu %d: %s late for %s h", percent, other.lateShare(), other.hours)
                        .isTrue());
    }

    private static final class Sum {
        private double requests;
        private double late;
        private double hours;

        void add(Outcome outcome) {
            requests += outcome.requests();
            late += outcome.late();
            hours += outcome.replicaHours();
        }

        double lateShare() {
            return late / requests;
        }
    }

    /// The development days of a real trace, where it lies beside the checkout; see the figures in
    /// the issue. Prints the frontier.
    @Test
    void frontier_on_the_shared_trace() throws IOException {
        Path file =
                Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
                        .map(p -> p.resolve("shared/data/nasa-http-minutes.csv"))
                        .filter(Files::isReadable)
                        .findFirst()
                        .orElse(null);
        Assumptions.assumeTrue(file != null, "no shared/data/nasa-http-minutes.csv above here");
        MinuteTrace trace;
        try (Stream<String> lines = Files.lines(file)) {
            trace = TraceReader.read(lines.iterator(), TraceOptions.of(ZoneOffset.UTC)).minutes();
        }
        for (int[] days : new int[][] {{0, 9}, {9, 19}}) {
            MinuteTrace part =
                    trace.slice(days[0] * 1440, Math.min(trace.minutes(), days[1] * 1440));
            double oracle = Oracle.replicaHours(part, LLM, 0.01, 1);
            System.out.printf("days %d to %d, oracle %.0f h%n", days[0], days[1], oracle);
            Map<String, Outcome> outcomes = new LinkedHashMap<>();
            for (Policy policy : frontier()) {
                Outcome outcome = replay(part, policy, 4);
                System.out.println(outcome.row(oracle));
                outcomes.put(policy.name(), outcome);
            }
            Outcome learns = Objects.requireNonNull(outcomes.get("ours learns"));
            assertThat(learns.lateShare()).isLessThan(0.012);
            assertThat(learns.replicaHours()).isLessThan(1.12 * oracle);
            Outcome cpu = Objects.requireNonNull(outcomes.get("hpa cpu 50"));
            Outcome ours = Objects.requireNonNull(outcomes.get("ours z=1.6"));
            assertThat(ours.replicaHours()).isLessThan(1.02 * cpu.replicaHours());
            assertThat(ours.lateShare()).isLessThan(cpu.lateShare() / 5);
        }
    }

    private static List<Policy> frontier() {
        List<Policy> policies = new ArrayList<>();
        for (int percent : new int[] {40, 50, 60, 70}) {
            policies.add(hpa(percent));
        }
        for (double margin : new double[] {0, 0.4, 0.7, 1, 1.3, 1.6, 2}) {
            policies.add(named("ours z=" + margin, Tuning.DEFAULT.withMargin(margin, false)));
        }
        policies.add(named("ours learns", Tuning.DEFAULT));
        return policies;
    }

    private static Policy hpa(int percent) {
        return HpaPolicy.of(
                "hpa cpu " + percent, 1, 200, null, Metric.utilization(Signal.CPU, percent));
    }

    private static Policy ours(Tuning tuning) {
        return named("ours", tuning);
    }

    private static Policy named(String name, Tuning tuning) {
        return new ObjectivePolicy(
                name,
                BOUNDS,
                Objective.wait(Duration.ofSeconds(2), 0.01),
                Replica.of(4, Duration.ofSeconds(8), Duration.ofSeconds(180)),
                tuning,
                List.of());
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

    private static Outcome replay(MinuteTrace trace, Policy policy, int replicas) {
        return MinuteReplay.run(trace, LLM, policy, replicas, _ -> {});
    }
}
