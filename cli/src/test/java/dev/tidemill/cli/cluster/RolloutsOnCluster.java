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
    private static final String ROUTE = "next";

    @TempDir static Path folder;

    private static RealCluster real;
    private static RealOperator operator;

    @BeforeAll
    static void open() {
        real = RealCluster.open("rollouts-" + Long.toString(System.nanoTime(), 36), folder);
        operator = new RealOperator(real);
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
        operator.put("Gateway", "gateway", gateway(List.of()));
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
        canary(Map.of("model", "digits-next"), Map.of("errorRate", 5, "minRequests", 20));
        try (LoadPod load = LoadPod.start(real, "load", IMAGE, url())) {
            Duration took =
                    Waits.until(
                            "the new version is promoted",
                            DECIDED,
                            () -> entry().text("phase").equals("Promoted"));
            Waits.say("figure: promoted after %d s: %s", took.toSeconds(), entry().text("reason"));
            load.goesOnWithoutAFailure("a good version was promoted");
            Waits.until("gateways have settled", () -> isDone("gateway"));
            load.goesOnWithoutAFailure("it has all requests");
        }
        assertThat(operator.condition("Gateway", "gateway", "Degraded")).startsWith("False");
        // A node of two processors has room for the next rollout only without its replica.
        operator.put("Gateway", "gateway", gateway(List.of()));
        operator.remove("Model", "digits-next");
        Waits.until(
                "the new version has gone",
                () ->
                        isDone("gateway")
                                && real.client()
                                        .get(
                                                real.ref(
                                                        "apps/v1",
                                                        "Deployment",
                                                        "digits-next-server"))
                                        .isEmpty());
    }

    @Test
    @Order(4)
    void a_version_that_fails_is_rolled_back_by_itself_and_says_why() throws Exception {
        bad("bad", 500, 0, Map.of("errorRate", 5, "minRequests", 20), "failed");
    }

    @Test
    @Order(5)
    void a_version_that_is_slow_is_rolled_back_by_itself_and_says_why() throws Exception {
        bad("slow", 200, 700, Map.of("p95", "200ms", "minRequests", 20), "p95");
    }

    private void bad(String name, int status, int millis, Map<String, Object> gates, String reason)
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
            canary(Map.of("url", "http://%s:8000".formatted(ip)), gates);
            try (LoadPod load = LoadPod.start(real, "load", IMAGE, url())) {
                Duration took =
                        Waits.until(
                                name + " is rolled back",
                                DECIDED,
                                () -> entry().text("phase").equals("RolledBack"));
                Waits.say(
                        "figure: %s rolled back after %d s: %s",
                        name, took.toSeconds(), entry().text("reason"));
                load.goesOnWithoutAFailure("%s was rolled back".formatted(name));
                Waits.until("gateways have settled", () -> isDone("gateway"));
                load.goesOnWithoutAFailure("the stable version has all requests");
            }
        }
        assertThat(entry().text("reason")).contains(reason);
        Waits.until(
                "the Gateway says why",
                () ->
                        operator.condition("Gateway", "gateway", "Degraded")
                                .startsWith("True CanaryRolledBack: route " + ROUTE));
    }

    /// Waits until gateways have it, so that what comes next is about it.
    private static void canary(Map<String, Object> newVersion, Map<String, Object> gates) {
        operator.put(
                "Gateway",
                "gateway",
                gateway(
                        List.of(
                                Map.of(
                                        "name",
                                        ROUTE,
                                        "models",
                                        List.of("digits-any"),
                                        "upstreams",
                                        List.of(Map.of("model", "digits"), newVersion),
                                        "canary",
                                        Map.of(
                                                "steps",
                                                List.of(10, 50, 100),
                                                "every",
                                                "3s",
                                                "gates",
                                                gates)))));
        Waits.until(
                "gateways roll the new version out",
                () -> entry().text("phase").equals("Stepping") && isDone("gateway"));
    }

    private static Fields entry() {
        List<Fields> all = operator.status("Gateway", "gateway").children("canaries");
        return all.isEmpty() ? Fields.NONE : all.getFirst();
    }

    private static String url() {
        return "http://gateway:8080/v2/models/digits-any/infer";
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

    private static Map<String, Object> gateway(List<Map<String, Object>> routes) {
        return routes.isEmpty() ? Map.of("replicas", 2) : Map.of("replicas", 2, "routes", routes);
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
