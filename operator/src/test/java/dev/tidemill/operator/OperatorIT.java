package dev.tidemill.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.operator.canary.CanaryEntry;
import dev.tidemill.operator.canary.DeclaredCanary;
import dev.tidemill.operator.fake.FakeApiServer;
import dev.tidemill.operator.fake.FakeApiServer.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The operator against an API server that keeps objects and runs nothing.
final class OperatorIT {
    private static final String NS = "/api/v1/namespaces/ai";
    private static final String OURS = "/apis/tidemill.dev/v1alpha1/namespaces/ai/";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/ai/deployments";
    private static final String SERVER = DEPLOYMENTS + "/digits-server";
    private static final String DIVISION =
            "/apis/networking.istio.io/v1/namespaces/ai/virtualservices/digits-server";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private FakeApiServer api;

    @BeforeEach
    void start() throws IOException {
        api = FakeApiServer.start();
        api.put(NS, "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\"}");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void a_model_becomes_what_serves_it_and_says_how_it_is() {
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").startsWith("True "));
            assertThat(api.get(SERVER)).isPresent();
            assertThat(api.get(NS + "/services/digits-server")).isPresent();
            assertThat(owner(SERVER)).isEqualTo("Model/digits");
            await().atMost(LIMIT)
                    .until(() ->
                            api.get("/apis/apps/v1/namespaces/ai/statefulsets/control")
                                    .isPresent());

            runs("digits-server");

            await().atMost(LIMIT).until(() -> condition("digits", "Ready").equals("True Serving"));
            assertThat(condition("digits", "Degraded")).isEqualTo("False AsWanted");
            assertThat(
                            api.get(OURS + "models/digits")
                                    .orElseThrow()
                                    .at("/status/observedGeneration")
                                    .asInt(0))
                    .isEqualTo(1);
        }
    }

    @Test
    void an_app_has_one_owner_of_its_replicas_and_its_status_says_who() {
        String scaler = "/apis/autoscaling/v2/namespaces/ai/horizontalpodautoscalers/portal-app";
        api.put(
                OURS + "apps/portal",
                """
                {"apiVersion": "tidemill.dev/v1alpha1", "kind": "App", "spec": {"image": "portal"}}
                """);
        environment("tidemill");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT).until(() -> scaledBy().equals("tidemill"));
            assertThat(api.get(DEPLOYMENTS + "/portal-app")).isPresent();
            assertThat(api.get(scaler)).isEmpty();

            environment("hpa");

            await().atMost(LIMIT).until(() -> scaledBy().equals("hpa"));
            assertThat(api.get(scaler)).isPresent();
        }
    }

    private void environment(String scaling) {
        api.put(
                OURS + "environments/prod",
                """
                {"apiVersion": "tidemill.dev/v1alpha1", "kind": "Environment", "spec": {"scaling": "%s"}}
                """
                        .formatted(scaling));
    }

    private String scaledBy() {
        return api.get(OURS + "apps/portal")
                .map(app -> app.at("/status/scaling/owner").asString(""))
                .orElse("");
    }

    @Test
    void nothing_is_written_where_nothing_changed_not_even_by_another_operator() {
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").startsWith("True "));
            runs("digits-server");
            await().atMost(LIMIT).until(() -> condition("digits", "Ready").equals("True Serving"));
        }
        int before = api.writes().size();
        try (OperatorProcess _ = operator()) {
            // What it has to do it has done once it has made something of a second model.
            model("intents");
            await().atMost(LIMIT)
                    .until(() -> condition("intents", "Progressing").startsWith("True "));
        }

        assertThat(api.writes().subList(before, api.writes().size()))
                .as(() ->
                        String.join(
                                "\n",
                                api.bodies().stream()
                                        .filter(body -> body.contains("digits/status"))
                                        .toList()))
                .noneMatch(write -> write.contains("digits"))
                .noneMatch(write -> write.contains("control"));
    }

    @Test
    void a_changed_model_costs_a_write_an_object_and_one_of_its_status() {
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").startsWith("True "));
            runs("digits-server");
            await().atMost(LIMIT).until(() -> condition("digits", "Ready").equals("True Serving"));
            int before = api.writes().size();

            api.put(OURS + "models/digits", "{\"spec\":{\"resources\":{\"memory\":\"2Gi\"}}}");

            await().atMost(LIMIT)
                    .until(() ->
                            api.get(OURS + "models/digits")
                                            .orElseThrow()
                                            .at("/status/observedGeneration")
                                            .asInt(0)
                                    == 2);
            assertThat(api.writes().subList(before, api.writes().size()))
                    .filteredOn(write -> write.startsWith("PATCH " + DEPLOYMENTS))
                    .hasSize(1);
            assertThat(api.writes().subList(before, api.writes().size()))
                    .filteredOn(write -> write.endsWith("models/digits/status"))
                    .hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void a_mesh_divides_as_far_as_the_rollout_is_known_to_be_whoever_else_writes() {
        model("digits");
        model("next");
        Map<String, Object> route =
                Map.of(
                        "name",
                        "digits",
                        "path",
                        "/predict",
                        "upstreams",
                        List.of(Map.of("model", "digits"), Map.of("model", "next")),
                        "canary",
                        Map.of("steps", List.of(50, 100), "split", "istio"));
        Map<String, Object> spec = Map.of("routes", List.of(route));
        // As the operator before this one left it; no gateway answers here.
        api.put(
                OURS + "gateways/web",
                JSON.writeValueAsString(
                        Map.of(
                                "apiVersion",
                                "tidemill.dev/v1alpha1",
                                "kind",
                                "Gateway",
                                "spec",
                                spec,
                                "status",
                                Map.of(
                                        "canaries",
                                        List.of(
                                                new CanaryEntry(
                                                                "digits",
                                                                DeclaredCanary.of(spec)
                                                                        .getFirst()
                                                                        .version(),
                                                                CanaryEntry.Phase.STEPPING,
                                                                1,
                                                                2,
                                                                50,
                                                                "because",
                                                                "2026-01-01T00:00:00Z")
                                                        .tree())))));
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT).until(() -> weight().equals("50"));

            api.put(DIVISION, "{\"spec\":{\"hosts\":[\"mine\"]}}");

            await().atMost(LIMIT)
                    .until(() ->
                            api.get(DIVISION)
                                    .orElseThrow()
                                    .at("/spec/hosts/0")
                                    .asString("")
                                    .equals("digits-server"));
            assertThat(weight()).isEqualTo("50");
        }
    }

    private String weight() {
        return api.get(DIVISION)
                .map(service -> service.at("/spec/http/0/route/1/weight").asString(""))
                .orElse("");
    }

    @Test
    void what_somebody_changes_by_hand_is_set_back_and_named() {
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").startsWith("True "));
            int grace = grace();

            api.put(
                    SERVER,
                    "{\"spec\":{\"template\":{\"spec\":{\"terminationGracePeriodSeconds\":1}}}}");

            await().atMost(LIMIT).until(() -> grace() == grace);
            await().atMost(LIMIT)
                    .until(() ->
                            events().stream()
                                    .anyMatch(event ->
                                            event.contains("DriftMended")
                                                    && event.contains(
                                                            "spec.template.spec.terminationGracePeriodSeconds")));
        }
    }

    @Test
    void what_the_quota_refuses_is_said_and_made_later() {
        api.refuse(call ->
                call.startsWith("PATCH " + DEPLOYMENTS)
                        ? Optional.of(
                                new Refusal(403, "deployments is forbidden: exceeded quota: few"))
                        : Optional.empty());
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Degraded").equals("True QuotaExceeded"));
            await().atMost(LIMIT)
                    .until(() ->
                            events().stream().anyMatch(event -> event.contains("QuotaExceeded")));

            api.refuse(_ -> Optional.empty());
            api.put(OURS + "models/digits", "{\"metadata\":{\"labels\":{\"again\":\"1\"}}}");

            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Degraded").equals("False AsWanted"));
            assertThat(api.get(SERVER)).isPresent();
        }
    }

    @Test
    void a_spec_that_is_wrong_is_said_and_what_runs_goes_on() {
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").startsWith("True "));

            api.put(OURS + "models/digits", "{\"spec\":{\"scaling\":{\"min\":-1}}}");

            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Degraded").equals("True InvalidSpec"));
            assertThat(api.get(SERVER)).isPresent();
            assertThat(api.get(OURS + "models/digits").orElseThrow().toString())
                    .contains("spec.scaling.min: '-1' (expected: a whole number from 0 to 1000)");
        }
    }

    @Test
    void an_object_that_is_somebody_elses_is_left_to_them() {
        api.put(
                NS + "/services/digits-server",
                "{\"kind\":\"Service\",\"spec\":{\"type\":\"NodePort\"}}");
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Degraded").equals("True AlreadyThere"));

            assertThat(
                            api.get(NS + "/services/digits-server")
                                    .orElseThrow()
                                    .at("/spec/type")
                                    .asString(""))
                    .isEqualTo("NodePort");
        }
    }

    @Test
    void what_belongs_to_all_goes_with_the_last_resource() {
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").startsWith("True "));

            api.delete(OURS + "models/digits");

            await().atMost(LIMIT)
                    .until(() -> api.list("/apis/apps/v1/namespaces/ai/statefulsets").isEmpty());
            assertThat(api.list(DEPLOYMENTS)).isEmpty();
        }
    }

    @Test
    void a_model_that_is_deleted_and_held_says_by_whom() {
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").startsWith("True "));

            markDeleted(OURS + "models/digits");

            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Degraded").equals("True BeingDeleted"));
            assertThat(api.get(OURS + "models/digits").orElseThrow().at("/status").toString())
                    .contains("held by example.com/keep");
        }
    }

    @Test
    void in_a_namespace_that_is_deleted_what_is_held_says_so_and_nothing_is_made() {
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").startsWith("True "));

            markDeleted(OURS + "models/digits");
            markDeleted(NS);

            await().atMost(LIMIT)
                    .until(() ->
                            condition("digits", "Degraded").equals("True NamespaceTerminating"));
            int before = api.writes().size();
            api.delete(SERVER);
            api.put(OURS + "models/digits", "{\"metadata\":{\"labels\":{\"again\":\"1\"}}}");
            assertThat(api.writes().subList(before, api.writes().size()))
                    .noneMatch(write -> write.contains("/deployments"));
        }
    }

    private void markDeleted(String path) {
        api.put(
                path,
                """
                {"metadata": {"deletionTimestamp": "2026-01-02T00:00:00Z", "finalizers": ["example.com/keep"]}}
                """);
    }

    @Test
    void an_operator_that_dies_at_any_write_leaves_what_the_next_one_makes_right() {
        model("digits");
        try (OperatorProcess _ = operator()) {
            await().atMost(LIMIT)
                    .until(() -> condition("digits", "Progressing").startsWith("True "));
        }
        Map<String, String> wanted = everything();
        int writes = api.writes().size();
        for (int last = 0; last < writes; last += 3) {
            api.delete(OURS + "models/digits");
            clear();
            AtomicInteger left = new AtomicInteger(last);
            api.refuse(call ->
                    !call.startsWith("GET") && left.getAndDecrement() <= 0
                            ? Optional.of(new Refusal(503, "gone"))
                            : Optional.empty());
            model("digits");
            try (OperatorProcess _ = operator()) {
                await().atMost(LIMIT).until(() -> left.get() < 0);
            }
            api.refuse(_ -> Optional.empty());
            try (OperatorProcess _ = operator()) {
                await().atMost(LIMIT)
                        .until(() -> condition("digits", "Progressing").startsWith("True "));
                assertThat(everything()).as("after %d writes", last).isEqualTo(wanted);
            }
        }
    }

    private void clear() {
        for (String plural : List.of("services", "serviceaccounts", "configmaps", "events")) {
            api.list(NS + "/" + plural)
                    .forEach(one -> api.delete(NS + "/" + plural + "/" + name(one)));
        }
        api.delete("/apis/apps/v1/namespaces/ai/statefulsets/control");
        String policies = "/apis/networking.k8s.io/v1/namespaces/ai/networkpolicies";
        api.list(policies).forEach(one -> api.delete(policies + "/" + name(one)));
    }

    /// What there is, without what a server or the time adds.
    private Map<String, String> everything() {
        Map<String, String> all = new TreeMap<>();
        for (String path :
                List.of(
                        DEPLOYMENTS,
                        "/apis/apps/v1/namespaces/ai/statefulsets",
                        NS + "/services",
                        NS + "/serviceaccounts",
                        NS + "/configmaps",
                        "/apis/networking.k8s.io/v1/namespaces/ai/networkpolicies",
                        "/apis/policy/v1/namespaces/ai/poddisruptionbudgets",
                        "/apis/autoscaling/v2/namespaces/ai/horizontalpodautoscalers")) {
            for (JsonNode one : api.list(path)) {
                all.put(path + "/" + name(one), one.path("spec") + "" + one.path("data"));
            }
        }
        return all;
    }

    private static String name(JsonNode one) {
        return one.at("/metadata/name").asString("");
    }

    private OperatorProcess operator() {
        return OneOperator.of(api);
    }

    private void model(String name) {
        api.put(
                OURS + "models/" + name,
                """
                {"apiVersion": "tidemill.dev/v1alpha1", "kind": "Model", "spec": {"source": "digits"}}
                """);
    }

    private void runs(String deployment) {
        api.put(
                DEPLOYMENTS + "/" + deployment,
                """
                {"status": {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1}}
                """);
    }

    private String condition(String model, String type) {
        for (JsonNode one :
                api.get(OURS + "models/" + model).orElseThrow().at("/status/conditions")) {
            if (one.path("type").asString("").equals(type)) {
                return one.path("status").asString("") + " " + one.path("reason").asString("");
            }
        }
        return "";
    }

    private String owner(String path) {
        JsonNode reference = api.get(path).orElseThrow().at("/metadata/ownerReferences/0");
        return reference.path("kind").asString("") + "/" + reference.path("name").asString("");
    }

    private int grace() {
        return api.get(SERVER)
                .orElseThrow()
                .at("/spec/template/spec/terminationGracePeriodSeconds")
                .asInt(0);
    }

    private List<String> events() {
        return api.list(NS + "/events").stream().map(Object::toString).toList();
    }
}
