package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.rollout.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The operator in its pods on a real cluster, with clients who ask all the time: one after the
/// other in one namespace.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class RolloutsOnCluster {
    private static final Duration DECIDED = Duration.ofSeconds(60);
    private static final String IMAGE = "tidemill:0.1.0";
    private static final Map<String, Object> STEPS = Map.of("steps", List.of(10, 50, 100));
    private static final Map<String, Object> BLUE_GREEN = Map.of("strategy", "blueGreen");

    @TempDir static Path folder;

    private static RealCluster real;
    private static RealOperator operator;
    private static CanaryRoute rollout;

    @BeforeAll
    static void open() {
        real = RealCluster.open("rollouts-" + Long.toString(System.nanoTime(), 36), folder);
        operator = new RealOperator(real);
        rollout = new CanaryRoute(real, operator);
    }

    @AfterAll
    static void close() {
        if (operator != null) {
            operator.close();
        }
        if (real != null) {
            real.close();
        }
    }

    @Test
    @Order(1)
    void custom_resources_become_what_answers() throws Exception {
        environment(IMAGE);
        operator.put("Model", "digits", model());
        rollout.end();
        operator.train();

        Waits.until(
                "the model serves",
                () ->
                        operator.condition("Model", "digits", "Ready").startsWith("True Serving:")
                                && operator.condition("Gateway", "gateway", "Ready")
                                        .startsWith("True"));
        assertThat(real.predictSeven().text()).startsWith("digits: 7 (");
    }

    @Test
    @Order(2)
    void an_operator_that_is_killed_in_the_middle_of_a_rollout_fails_nobody() throws Exception {
        String next = System.getenv("TIDEMILL_NEXT_IMAGE");
        Assumptions.assumeTrue(next != null, "TIDEMILL_NEXT_IMAGE: no second image");
        try (LoadPod load = LoadPod.start(real, "load", IMAGE)) {
            environment(next);
            Waits.until("the rollout has begun", () -> image("digits-server").equals(next));
            operator.kill();
            Waits.until(
                    "everything runs the new image",
                    Duration.ofSeconds(90),
                    () ->
                            List.of("digits-server", "gateway").stream()
                                    .allMatch(one -> image(one).equals(next) && isDone(one)));
            load.goesOnWithoutAFailure("the operators were killed in mid-rollout");
        }
        Waits.until(
                "another operator says so",
                () ->
                        operator.condition("Model", "digits", "Progressing")
                                .startsWith("False Settled"));
    }

    @Test
    @Order(3)
    void a_good_version_is_promoted_step_by_step() throws Exception {
        operator.put("Model", "digits-next", model());
        Waits.until(
                "the new version's own replica is ready",
                () -> operator.condition("Model", "digits-next", "Ready").startsWith("True"));
        rollout.begin(
                Map.of("model", "digits-next"), STEPS, Map.of("errorRate", 5, "minRequests", 20));
        promoted("step by step");
    }

    @Test
    @Order(4)
    void a_version_that_fails_is_rolled_back_by_itself_and_says_why() throws Exception {
        bad("bad", STEPS, 500, 0, Map.of("errorRate", 5, "minRequests", 20), "failed");
    }

    @Test
    @Order(5)
    void a_version_that_is_slow_is_rolled_back_by_itself_and_says_why() throws Exception {
        bad("slow", STEPS, 200, 700, Map.of("p95", "200ms", "minRequests", 20), "p95");
    }

    @Test
    @Order(6)
    void one_beside_the_old_gets_copies_until_it_has_everything_at_once() throws Exception {
        operator.put("Model", "digits-next", model());
        Waits.until(
                "the new version's own replica is ready",
                () -> operator.condition("Model", "digits-next", "Ready").startsWith("True"));
        rollout.begin(
                Map.of("model", "digits-next"),
                BLUE_GREEN,
                Map.of("errorRate", 5, "minRequests", 20));
        assertThat(rollout.entry().number("percent")).isZero();
        promoted("all at once");
    }

    @Test
    @Order(7)
    void one_beside_the_old_that_fails_never_answers_a_client() throws Exception {
        bad("green", BLUE_GREEN, 500, 0, Map.of("errorRate", 5, "minRequests", 20), "failed");
    }

    private void promoted(String how) throws Exception {
        try (LoadPod load = LoadPod.start(real, "load", IMAGE, CanaryRoute.URL)) {
            Duration took =
                    Waits.until(
                            "the new version is promoted",
                            DECIDED,
                            () -> rollout.entry().text("phase").equals("Promoted"));
            Waits.say(
                    "figure: promoted %s after %d s: %s",
                    how, took.toSeconds(), rollout.entry().text("reason"));
            load.goesOnWithoutAFailure("a good version was promoted");
            Waits.until("gateways have settled", () -> rollout.isSettled());
            load.goesOnWithoutAFailure("it has all requests");
        }
        assertThat(operator.condition("Gateway", "gateway", "Degraded")).startsWith("False");
        // A node of two processors has room for the next rollout only without its replica.
        rollout.end();
        operator.remove("Model", "digits-next");
        Waits.until(
                "the new version has gone",
                () ->
                        rollout.isSettled()
                                && real.client()
                                        .get(
                                                real.ref(
                                                        "apps/v1",
                                                        "Deployment",
                                                        "digits-next-server"))
                                        .isEmpty());
    }

    private void bad(
            String name,
            Map<String, Object> strategy,
            int status,
            int millis,
            Map<String, Object> gates,
            String reason)
            throws Exception {
        try (ClassPod pod =
                new ClassPod(
                        real,
                        name,
                        IMAGE,
                        AnswerServer.class,
                        Map.of(),
                        List.of("8000", "" + status, "" + millis))) {
            Waits.until(name + " listens", () -> pod.log(1).contains("listening"));
            String ip = real.client().get(pod.pod()).orElseThrow().text("status", "podIP");
            rollout.begin(Map.of("url", "http://%s:8000".formatted(ip)), strategy, gates);
            try (LoadPod load = LoadPod.start(real, "load", IMAGE, CanaryRoute.URL)) {
                Duration took =
                        Waits.until(
                                name + " is rolled back",
                                DECIDED,
                                () -> rollout.entry().text("phase").equals("RolledBack"));
                Waits.say(
                        "figure: %s rolled back after %d s: %s",
                        name, took.toSeconds(), rollout.entry().text("reason"));
                load.goesOnWithoutAFailure("%s was rolled back".formatted(name));
                Waits.until("gateways have settled", () -> rollout.isSettled());
                load.goesOnWithoutAFailure("the stable version has all requests");
            }
        }
        assertThat(rollout.entry().text("reason")).contains(reason);
        Waits.until(
                "the Gateway says why",
                () ->
                        operator.condition("Gateway", "gateway", "Degraded")
                                .startsWith("True CanaryRolledBack: route " + CanaryRoute.NAME));
    }

    private static void environment(String image) {
        operator.put(
                "Environment",
                "here",
                Map.of(
                        "scaling",
                        "none",
                        "image",
                        Map.of("name", image),
                        "control",
                        Map.of("storage", "2Gi", "resources", Map.of("memory", "1Gi"))));
    }

    private static Map<String, Object> model() {
        return Map.of(
                "source",
                "digits@production",
                "resources",
                Map.of("memory", "512Mi"),
                "scaling",
                Map.of("min", 1, "max", 2));
    }

    private static String image(String deployment) {
        return deployment(deployment)
                .children("spec", "template", "spec", "containers")
                .getFirst()
                .text("image");
    }

    private static boolean isDone(String deployment) {
        return Progress.of(deployment(deployment)).done();
    }

    private static Fields deployment(String name) {
        return real.client().get(real.ref("apps/v1", "Deployment", name)).orElseThrow();
    }
}
