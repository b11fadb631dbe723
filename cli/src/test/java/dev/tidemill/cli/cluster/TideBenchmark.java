package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.rollout.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `benchmarks/kubernetes/tide`: not a test, and in no build. Two ways to scale one Deployment, one
/// after the other, over the same tide.
final class TideBenchmark {
    private static final String IMAGE = "tidemill:0.1.0";
    private static final String DEPLOYMENT = "digits-server";

    /// What a node of two processors has room for beside everything else.
    private static final int MOST = 3;

    private static final int ROWS = 600;
    private static final int LOW = 2;
    private static final int HIGH = 12;
    private static final int LATE_MILLIS = 1_000;
    private static final Pattern SECOND =
            Pattern.compile("t=(\\d+) sent=(\\d+) late=(\\d+) failed=(\\d+)");
    private static final Pattern DONE =
            Pattern.compile("done sent=(\\d+) late=(\\d+) failed=(\\d+) p50=(\\d+) p99=(\\d+)");

    @TempDir Path folder;

    /// @param lateAt second of the first late request; empty when there was none
    /// @param orderedAt second of the first order of more replicas
    private record Outcome(
            String name,
            Optional<Integer> lateAt,
            Optional<Integer> orderedAt,
            String done,
            double replicaSeconds,
            int most) {}

    @Test
    void two_scalers_over_one_tide() throws Exception {
        int seconds = Integer.getInteger("tidemill.tide.seconds", 180);
        String seed = System.getProperty("tidemill.tide.seed", "7");
        List<Outcome> outcomes = new ArrayList<>();
        try (RealCluster real =
                        RealCluster.open("tide-" + Long.toString(System.nanoTime(), 36), folder);
                RealOperator operator = new RealOperator(real)) {
            prepare(real, operator);
            outcomes.add(run(real, operator, "hpa, cpu at 70 %", "hpa", hpa(), seconds, seed));
            outcomes.add(
                    run(
                            real,
                            operator,
                            "tidemill, objective",
                            "tidemill",
                            objective(),
                            seconds,
                            seed));
        }
        System.out.printf(
                "%n| scaled by | first late, s | first order, s | late to order, s | requests | late |"
                        + " failed | p50, ms | p99, ms | replica-seconds | most replicas |%n"
                        + "|---|---|---|---|---|---|---|---|---|---|---|%n");
        for (Outcome outcome : outcomes) {
            System.out.println(row(outcome));
        }
    }

    private static String row(Outcome outcome) {
        Matcher done = DONE.matcher(outcome.done());
        if (!done.matches()) {
            return "| %s | %s |".formatted(outcome.name(), outcome.done());
        }
        double sent = Double.parseDouble(done.group(1));
        return "| %s | %s | %s | %s | %s | %.2f %% | %s | %s | %s | %.0f | %d |"
                .formatted(
                        outcome.name(),
                        outcome.lateAt().map(String::valueOf).orElse("none"),
                        outcome.orderedAt().map(String::valueOf).orElse("none"),
                        outcome.lateAt()
                                .flatMap(late -> outcome.orderedAt().map(order -> order - late))
                                .map(String::valueOf)
                                .orElse(""),
                        done.group(1),
                        100 * Double.parseDouble(done.group(2)) / sent,
                        done.group(3),
                        done.group(4),
                        done.group(5),
                        outcome.replicaSeconds(),
                        outcome.most());
    }

    private static void prepare(RealCluster real, RealOperator operator) throws Exception {
        operator.environment("none");
        model(operator, Map.of("min", 1, "max", MOST));
        operator.put("Gateway", "gateway", Map.of("replicas", 1));
        operator.train();
        Waits.until(
                "the gateway has a replica of the model",
                Duration.ofMinutes(3),
                () -> operator.condition("Gateway", "gateway", "Ready").startsWith("True"));
    }

    private static Outcome run(
            RealCluster real,
            RealOperator operator,
            String name,
            String scaling,
            Map<String, Object> settings,
            int seconds,
            String seed)
            throws Exception {
        operator.environment("none");
        model(operator, Map.of("min", 1, "max", MOST));
        Waits.until(
                "one replica serves",
                Duration.ofMinutes(3),
                () -> {
                    Progress progress = Progress.of(deployment(real));
                    return progress.done() && progress.wanted() == 1;
                });
        model(operator, settings);
        operator.environment(scaling);
        String body = Files.readString(Path.of("..", "examples", "quickstart", "seven.json"));
        List<String> arguments =
                List.of(
                        "http://gateway:8080/v2/models/digits/infer",
                        ClassPod.FOLDER + "/body.json",
                        "\"7\"",
                        "" + ROWS,
                        "" + seconds,
                        "" + LOW,
                        "" + HIGH,
                        "" + LATE_MILLIS,
                        seed);
        try (ClassPod pod =
                new ClassPod(
                        real,
                        "tide",
                        IMAGE,
                        TideLoad.class,
                        Map.of("body.json", body),
                        arguments)) {
            return watched(real, name, pod, Duration.ofSeconds(seconds + 120L));
        }
    }

    private static Outcome watched(RealCluster real, String name, ClassPod pod, Duration limit)
            throws InterruptedException {
        Optional<Integer> lateAt = Optional.empty();
        Optional<Integer> orderedAt = Optional.empty();
        double replicaSeconds = 0;
        int most = 0;
        long begin = System.nanoTime();
        long before = begin;
        while (System.nanoTime() - begin < limit.toNanos()) {
            List<String> log = pod.log(1);
            String line = log.isEmpty() ? "" : log.getLast();
            Matcher second = SECOND.matcher(line);
            int replicas = (int) deployment(real).number("spec", "replicas");
            long now = System.nanoTime();
            boolean begun = second.matches();
            if (begun) {
                int at = Integer.parseInt(second.group(1));
                if (lateAt.isEmpty() && !second.group(3).equals("0")) {
                    lateAt = Optional.of(at);
                }
                if (orderedAt.isEmpty() && replicas > 1) {
                    orderedAt = Optional.of(at);
                }
                replicaSeconds += replicas * (now - before) / 1e9;
                if (replicas != most) {
                    Waits.say("%s: %d replicas; %s", name, replicas, line);
                }
                most = Math.max(most, replicas);
            }
            before = now;
            if (DONE.matcher(line).matches()) {
                return new Outcome(name, lateAt, orderedAt, line, replicaSeconds, most);
            }
            Thread.sleep(400);
        }
        return new Outcome(name, lateAt, orderedAt, "not done", replicaSeconds, most);
    }

    private static Fields deployment(RealCluster real) {
        return real.client().get(real.ref("apps/v1", "Deployment", DEPLOYMENT)).orElseThrow();
    }

    private static void model(RealOperator operator, Map<String, Object> scaling) {
        operator.put(
                "Model",
                "digits",
                Map.of(
                        "source",
                        "digits@production",
                        "resources",
                        Map.of("cpu", "300m", "memory", "512Mi"),
                        "scaling",
                        scaling));
    }

    private static Map<String, Object> hpa() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("min", 1);
        settings.put("max", MOST);
        settings.put("policy", "hpa");
        settings.put("metrics", List.of(Map.of("type", "cpu", "target", "70%")));
        settings.put("behavior", Map.of("scaleDown", Map.of("stabilizationWindowSeconds", 30)));
        return settings;
    }

    private static Map<String, Object> objective() {
        return Map.of(
                "min",
                1,
                "max",
                MOST,
                "objective",
                Map.of("late", "1%", "latency", "1s", "counts", "total", "hold", "30s"));
    }
}
