package dev.tidemill.routing.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// How often rollouts end wrongly, and how soon a bad version is gone, by seeded traffic: each
/// second some requests, each of which fails by chance and takes a log-normal time. The table of
/// `docs/canary.md` is what comes out.
final class CanarySimulationTest {
    private static final Path DOCUMENT =
            Path.of(System.getProperty("basedir", ""))
                    .toAbsolutePath()
                    .getParent()
                    .resolve("docs/canary.md");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int ROLLOUTS = 100;
    private static final int HOURS = 2;

    @Test
    void rollouts_end_as_the_table_says() throws IOException {
        List<Situation> all =
                List.of(
                        new Situation("the same version, 1 % errors", 50, 0.01, 1),
                        new Situation("the same version, 1 % errors", 5, 0.01, 1),
                        new Situation("the same version, 10 % errors", 50, 0.10, 1, 0.10),
                        new Situation("fails always", 50, 1, 1),
                        new Situation("fails always", 5, 1, 1),
                        new Situation("20 % errors", 50, 0.20, 1),
                        new Situation("20 % errors", 5, 0.20, 1),
                        new Situation("5 % errors", 50, 0.05, 1),
                        new Situation("5 % errors", 5, 0.05, 1),
                        new Situation("twice as slow", 50, 0.01, 2),
                        new Situation("twice as slow", 5, 0.01, 2),
                        new Situation("1.3 times as slow", 50, 0.01, 1.3));
        List<String> rows = new ArrayList<>();
        for (Situation situation : all) {
            Result result = run(situation);
            rows.add(result.row(situation));
            if (situation.isGood()) {
                assertThat(result.rolledBack()).as(rows.getLast()).isLessThan(0.05);
                assertThat(result.promoted()).as(rows.getLast()).isGreaterThan(0.95);
            } else {
                assertThat(result.promoted()).as(rows.getLast()).isLessThan(0.05);
            }
        }
        if (Boolean.getBoolean("tidemill.update")) {
            write(rows);
        }
        assertThat(Files.readString(DOCUMENT)).contains(String.join("\n", rows));
    }

    private static void write(List<String> rows) throws IOException {
        String text = Files.readString(DOCUMENT);
        int begin = text.indexOf("|---|---|---|---|---|\n") + "|---|---|---|---|---|\n".length();
        Files.writeString(DOCUMENT, text.substring(0, begin) + String.join("\n", rows) + "\n");
    }

    private static Result run(Situation situation) {
        List<Integer> seconds = new ArrayList<>();
        int promoted = 0;
        for (int i = 0; i < ROLLOUTS; i++) {
            int end = rollout(situation, new SplittableRandom(1_000L + i));
            if (end > 0) {
                seconds.add(end);
            } else if (end < 0) {
                promoted++;
            }
        }
        seconds.sort(null);
        return new Result(
                (double) seconds.size() / ROLLOUTS,
                (double) promoted / ROLLOUTS,
                seconds.isEmpty() ? 0 : seconds.get(seconds.size() / 2));
    }

    /// Seconds until it was rolled back, less than 0 when it was promoted, 0 when neither.
    private static int rollout(Situation situation, SplittableRandom random) {
        CanaryJudge judge = new CanaryJudge(rule());
        CanaryState state = CanaryState.begin(0);
        Side stable = new Side();
        Side canary = new Side();
        for (int second = 1; second <= HOURS * 3600; second++) {
            double share = state.share(rule());
            for (int i = 0; i < situation.perSecond(); i++) {
                if (random.nextDouble() < share) {
                    canary.take(random, situation.errors(), situation.times());
                } else {
                    stable.take(random, situation.stableErrors(), 1);
                }
            }
            if (second % 5 != 0) {
                continue;
            }
            CanaryDecision decision =
                    judge.decide(state, stable.seen(), canary.seen(), second * SECOND);
            state = decision.state();
            switch (decision) {
                case CanaryDecision.Rollback _ -> {
                    return second;
                }
                case CanaryDecision.Promote _ -> {
                    return -1;
                }
                case CanaryDecision.Step _ -> {
                    stable = new Side();
                    canary = new Side();
                }
                case CanaryDecision.Hold _ -> {}
            }
        }
        return 0;
    }

    private static CanaryRule rule() {
        return new CanaryRule(
                List.of(0.1, 0.5, 1.0),
                120 * SECOND,
                3600 * SECOND,
                CanaryRule.WhenLate.HOLD,
                new CanaryRule.Gates(
                        0.01,
                        Optional.of(new LatencyGate.Factor(1.2)),
                        Optional.empty(),
                        100,
                        0.95));
    }

    private record Situation(
            String version, int perSecond, double errors, double times, double stableErrors) {
        Situation(String version, int perSecond, double errors, double times) {
            this(version, perSecond, errors, times, 0.01);
        }

        boolean isGood() {
            return errors == stableErrors && times == 1;
        }
    }

    private record Result(double rolledBack, double promoted, int medianSeconds) {
        String row(Situation situation) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %.1f %% | %.1f %% | %s |",
                    situation.version(),
                    situation.perSecond(),
                    rolledBack * 100,
                    promoted * 100,
                    medianSeconds == 0 ? "" : medianSeconds + " s");
        }
    }

    private static final class Side {
        private final long[] counts = new long[Latencies.BUCKETS];
        private long requests;
        private long failures;

        void take(SplittableRandom random, double errors, double times) {
            requests++;
            if (random.nextDouble() < errors) {
                failures++;
            }
            counts[
                    Latencies.bucketOf(
                            (long) (100e6 * times * Math.exp(random.nextGaussian() * 0.5)))]++;
        }

        Evidence seen() {
            return new Evidence(requests, failures, Latencies.of(counts));
        }
    }
}
