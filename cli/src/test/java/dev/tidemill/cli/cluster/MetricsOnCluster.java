package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.rollout.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
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

/// A cluster's own autoscaler, which asks the operator through the API server, and the operator's
/// own scaling, which it explains: one after the other in one namespace.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class MetricsOnCluster {
    private static final String IMAGE = "tidemill:0.1.0";
    private static final String DEPLOYMENT = "digits-server";
    private static final String METRIC = "requests_per_second";
    private static final String CUSTOM = "v1beta2.custom.metrics.k8s.io";
    private static final String EXTERNAL = "v1beta1.external.metrics.k8s.io";

    /// The autoscaler looks every 15 s, and again when what it ordered is there.
    private static final Duration ORDERED = Duration.ofSeconds(120);

    /// What four clients ask, who pause 20 ms after each answer, is more for one replica.
    private static final int A_SECOND = 20;

    @TempDir static Path folder;

    private static RealCluster real;
    private static RealOperator operator;

    @BeforeAll
    static void open() throws Exception {
        real = RealCluster.open("metrics-" + Long.toString(System.nanoTime(), 36), folder);
        operator = new RealOperator(real);
        operator.environment("none");
        operator.put("Model", "digits", spec(Map.of()));
        operator.put("Gateway", "gateway", Map.of("replicas", 1));
        operator.train();
        Waits.until(
                "one replica serves", () -> replicas() == 1 && Progress.of(deployment()).done());
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
    void an_autoscaler_follows_a_metric_of_pods() throws Exception {
        scales(
                Map.of(
                        "type",
                        "Pods",
                        "pods",
                        Map.of("metric", Map.of("name", METRIC), "target", target())),
                "pods",
                CUSTOM);
    }

    @Test
    @Order(2)
    void an_autoscaler_follows_a_metric_of_the_models_service() throws Exception {
        scales(Map.of("type", "requests", "target", A_SECOND), "object", CUSTOM);
    }

    @Test
    @Order(3)
    void an_autoscaler_follows_an_external_metric() throws Exception {
        scales(
                Map.of(
                        "type",
                        "External",
                        "external",
                        Map.of("metric", Map.of("name", METRIC), "target", target())),
                "external",
                EXTERNAL);
    }

    @Test
    @Order(4)
    void nothing_is_registered_any_more_when_no_autoscaler_asks() {
        operator.environment("none");
        Waits.until(
                "the registrations are gone",
                ORDERED,
                () -> Stream.of(CUSTOM, EXTERNAL).noneMatch(one -> registration(one).isPresent()));
    }

    @Test
    @Order(5)
    void what_the_operator_scales_by_itself_it_explains() throws Exception {
        operator.put(
                "Model",
                "digits",
                spec(Map.of("metrics", List.of(Map.of("type", "requests", "target", A_SECOND)))));
        operator.environment("tidemill");
        try (LoadPod load = LoadPod.start(real, "load", IMAGE)) {
            Duration took = Waits.until("the operator orders more", () -> replicas() == 2);
            Waits.say("figure: live scaling ordered after %d s", took.toSeconds());
            load.goesOnWithoutAFailure("the operator scaled");
        }
        Waits.until(
                "it says why",
                () -> {
                    RealCluster.Done said =
                            real.run("explain", "digits", "--namespace", real.namespace());
                    return said.code() == 0 && said.text().contains("1 -> 2");
                });
    }

    /// Up under load and down without it.
    private static void scales(Map<String, Object> metric, String field, String registration)
            throws Exception {
        operator.put(
                "Model",
                "digits",
                spec(
                        Map.of(
                                "policy",
                                "hpa",
                                "metrics",
                                List.of(metric),
                                "behavior",
                                Map.of("scaleDown", Map.of("stabilizationWindowSeconds", 0)))));
        operator.environment("hpa");
        Waits.until(
                registration + " is available",
                () ->
                        condition(registration(registration).orElseThrow(), "Available")
                                .startsWith("True"));
        try (LoadPod load = LoadPod.start(real, "load", IMAGE)) {
            Duration took =
                    Waits.until("the autoscaler orders more", ORDERED, () -> replicas() == 2);
            Waits.say("figure: by %s ordered after %d s", field, took.toSeconds());
            assertThat(autoscaler().children("status", "currentMetrics").toString())
                    .contains(field);
            load.goesOnWithoutAFailure("the autoscaler scaled");
        } catch (RuntimeException | Error e) {
            Waits.say("autoscaler: %s", autoscaler().child("status"));
            Waits.say("registration: %s", registration(registration));
            throw e;
        }
        Waits.until("the autoscaler orders less", ORDERED, () -> replicas() == 1);
        assertThat(operator.condition("Model", "digits", "Degraded")).startsWith("False");
    }

    private static Map<String, Object> target() {
        return Map.of("type", "AverageValue", "averageValue", A_SECOND);
    }

    private static Map<String, Object> spec(Map<String, Object> more) {
        Map<String, Object> scaling = new LinkedHashMap<>(more);
        scaling.put("min", 1);
        scaling.put("max", 2);
        return Map.of(
                "source",
                "digits@production",
                "resources",
                Map.of("memory", "512Mi"),
                "scaling",
                scaling);
    }

    private static Optional<Fields> registration(String name) {
        return real.client().get(real.ref("apiregistration.k8s.io/v1", "APIService", name));
    }

    private static String condition(Fields object, String type) {
        return object.children("status", "conditions").stream()
                .filter(one -> one.text("type").equals(type))
                .map(one -> one.text("status") + " " + one.text("message"))
                .findFirst()
                .orElse("");
    }

    private static Fields autoscaler() {
        return real.client()
                .get(real.ref("autoscaling/v2", "HorizontalPodAutoscaler", DEPLOYMENT))
                .orElseThrow();
    }

    private static long replicas() {
        return deployment().number("spec", "replicas");
    }

    private static Fields deployment() {
        return real.client().get(real.ref("apps/v1", "Deployment", DEPLOYMENT)).orElseThrow();
    }
}
