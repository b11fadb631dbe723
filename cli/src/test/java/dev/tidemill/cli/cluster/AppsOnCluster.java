package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.rollout.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An App behind the gateway's route, which the operator's own scaling and then a plain autoscaler
/// give a second replica under load and take it off without: one after the other in one namespace.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class AppsOnCluster {
    private static final String IMAGE = "tidemill:0.1.0";
    private static final String APP = "portal";
    private static final String URL = "http://gateway:8080/portal/hello";

    /// An autoscaler looks every 15 s, at a processor's minute or half of one.
    private static final Duration ORDERED = Duration.ofSeconds(150);

    /// What four clients ask, who pause 20 ms after each answer, is more for one replica.
    private static final Map<String, Object> REQUESTS = Map.of("type", "requests", "target", 20);

    /// What so many answers take is more than a fifth of the tenth of a core that a replica has.
    private static final Map<String, Object> PROCESSOR = Map.of("type", "cpu", "target", "20%");

    @TempDir static Path folder;

    private static RealCluster real;
    private static RealOperator operator;
    private static AppProgram program;

    @BeforeAll
    static void open() {
        real = RealCluster.open("apps-" + Long.toString(System.nanoTime(), 36), folder);
        operator = new RealOperator(real);
        program = new AppProgram(real, APP);
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
    void an_app_becomes_what_answers_behind_the_gateway() {
        program.keep(AnswerServer.class);
        operator.environment("tidemill");
        operator.put("App", APP, spec(REQUESTS));
        operator.put(
                "Gateway",
                "gateway",
                Map.of(
                        "replicas",
                        1,
                        "routes",
                        List.of(
                                Map.of(
                                        "path",
                                        "/portal",
                                        "app",
                                        APP,
                                        "stripPath",
                                        true,
                                        // As long as a pod of the gateway may take to end.
                                        "timeouts",
                                        Map.of("request", "20s")))));
        program.run(AnswerServer.class, "$PORT 200 5");

        Waits.until(
                "one replica answers",
                () ->
                        replicas() == 1
                                && Progress.of(deployment()).done()
                                && operator.condition("App", APP, "Ready").startsWith("True")
                                && operator.condition("Gateway", "gateway", "Ready")
                                        .startsWith("True"));
        Waits.until(
                "all is ready, says status, and names it",
                () -> {
                    RealCluster.Done said = real.run("status", "--namespace", real.namespace());
                    return said.code() == 0 && said.text().contains("portal-app");
                });
    }

    @Test
    @Order(2)
    void the_operator_gives_it_a_second_replica_under_load_and_says_why() throws Exception {
        try (LoadPod load = LoadPod.start(real, "load", IMAGE, URL)) {
            Duration took = Waits.until("the operator orders more", () -> replicas() == 2);
            Waits.say("figure: an app's second replica ordered after %d s", took.toSeconds());
            Waits.until("both are ready", () -> Progress.of(deployment()).ready() == 2);
            load.goesOnWithoutAFailure("the operator scaled the app");
        }
        Waits.until("it says why", () -> explained().text().contains("1 -> 2"));
        assertThat(autoscaler()).isEmpty();
        assertThat(owner()).isEqualTo("tidemill");

        Waits.until("the operator orders less", () -> replicas() == 1);
        Waits.until("it says why", () -> explained().text().contains("2 -> 1"));
        JsonNode json = explainedAsJson();
        assertThat(json.path("decisions").valueStream())
                .anyMatch(one ->
                        one.path("ordered").asInt() == 1 && one.path("replicas").asInt() == 2)
                .anyMatch(one ->
                        one.path("ordered").asInt() == 2 && one.path("replicas").asInt() == 1);
        assertThat(json.has("autoscaler")).isFalse();
    }

    @Test
    @Order(3)
    void with_an_autoscaler_of_its_own_the_operator_keeps_off() throws Exception {
        operator.put("App", APP, spec(PROCESSOR));
        operator.environment("hpa");
        Waits.until("there is an autoscaler", () -> autoscaler().isPresent());
        Waits.until(
                "it knows the processor",
                ORDERED,
                () -> !scaler().children("status", "currentMetrics").isEmpty() && replicas() == 1);
        JsonNode decided = decisions();

        try (LoadPod load = LoadPod.start(real, "load", IMAGE, URL)) {
            Duration took =
                    Waits.until("the autoscaler orders more", ORDERED, () -> replicas() == 2);
            Waits.say("figure: by processor ordered after %d s", took.toSeconds());
            load.goesOnWithoutAFailure("the autoscaler scaled the app");
        } catch (RuntimeException | Error e) {
            Waits.say("autoscaler: %s", scaler().child("status"));
            throw e;
        }
        assertThat(owner()).isEqualTo("hpa");
        assertThat(explained().text()).contains("by horizontalpodautoscaler/portal-app");
        assertThat(explainedAsJson().path("autoscaler").path("name").asString(""))
                .isEqualTo("portal-app");
        Waits.until("the autoscaler orders less", ORDERED, () -> replicas() == 1);
        assertThat(decisions()).as("decisions of the operator").isEqualTo(decided);
        assertThat(operator.condition("App", APP, "Degraded")).startsWith("False");
    }

    private static Map<String, Object> spec(Map<String, Object> metric) {
        return Map.of(
                "image",
                IMAGE,
                "secrets",
                List.of(Map.of("env", AppProgram.VARIABLE)),
                "health",
                Map.of("path", "/health"),
                "gracePeriod",
                "1s",
                "resources",
                Map.of("cpu", "100m", "memory", "128Mi"),
                "scaling",
                Map.of(
                        "min",
                        1,
                        "max",
                        2,
                        "policy",
                        "hpa",
                        "metrics",
                        List.of(metric),
                        "behavior",
                        Map.of("scaleDown", Map.of("stabilizationWindowSeconds", 0))));
    }

    private static RealCluster.Done explained(String... more) {
        return real.run(
                Stream.concat(
                                Stream.of("explain", APP, "--namespace", real.namespace()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private static JsonNode explainedAsJson() {
        RealCluster.Done said = explained("--json");
        assertThat(said.code()).as(said.text()).isZero();
        return JsonMapper.shared().readTree(said.text());
    }

    private static JsonNode decisions() {
        return explainedAsJson().path("decisions");
    }

    private static Optional<Fields> autoscaler() {
        return real.client()
                .get(real.ref("autoscaling/v2", "HorizontalPodAutoscaler", "portal-app"));
    }

    private static Fields scaler() {
        return autoscaler().orElseThrow();
    }

    /// Of the number of replicas, as the App's status says.
    private static String owner() {
        return operator.status("App", APP).text("scaling", "owner");
    }

    private static long replicas() {
        return deployment().number("spec", "replicas");
    }

    private static Fields deployment() {
        return real.client().get(program.deployment()).orElseThrow();
    }
}
