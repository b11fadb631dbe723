package dev.tidemill.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.yaml.YamlWriter;
import dev.tidemill.operator.canary.CanaryEntry;
import dev.tidemill.spec.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PlannerTest {
    private static final Planner PLANNER =
            new Planner(
                    (gateway, models, apps, _) ->
                            "models "
                                    + models.stream()
                                            .map(Model::name)
                                            .collect(Collectors.joining(",")),
                    "0.1.0");

    @Test
    void of_a_namespace_with_nothing_in_it_nothing_is_made() {
        assertThat(plan().objects()).isEmpty();
    }

    @Test
    void each_object_is_for_the_resource_that_asks_for_it() {
        Plan plan = plan(model("digits", Map.of("source", "digits")), gateway("digits"));

        assertThat(ids(plan, "Model/digits"))
                .contains("deployment/digits-server", "service/digits-server");
        assertThat(ids(plan, "Gateway/web")).contains("deployment/web-gateway");
        assertThat(plan.objects().get(Owner.NAMESPACE))
                .extracting(KubeObject::id)
                .contains("statefulset/control");
        assertThat(plan.problems()).isEmpty();
    }

    @Test
    void what_is_for_all_is_the_environments_where_there_is_one() {
        Plan plan =
                plan(
                        model("digits", Map.of("source", "digits")),
                        declared("Environment", "prod", Map.of("scaling", "none")));

        assertThat(ids(plan, "Environment/prod")).contains("statefulset/control");
        assertThat(plan.objects()).doesNotContainKey(Owner.NAMESPACE);
        assertThat(plan.environment()).isPresent();
    }

    @Test
    void what_follows_schedules_is_the_models() {
        Plan plan =
                plan(
                        model(
                                "digits",
                                Map.of(
                                        "source",
                                        "digits",
                                        "scaling",
                                        Map.of(
                                                "schedules",
                                                List.of(
                                                        Map.of(
                                                                "cron",
                                                                "0 8 * * *",
                                                                "for",
                                                                "9h",
                                                                "zone",
                                                                "UTC",
                                                                "min",
                                                                2))))));

        assertThat(ids(plan, "Model/digits"))
                .contains(
                        "cronjob/digits-server-prewarm-1-up", "rolebinding/digits-server-prewarm");
    }

    @Test
    void a_mesh_divides_requests_as_the_gateways_say_that_they_do() {
        Plan plan =
                plan(
                        model("digits", Map.of("source", "digits")),
                        model("next", Map.of("source", "digits@candidate")),
                        declared(
                                "Gateway",
                                "web",
                                Map.of(
                                        "routes",
                                        List.of(
                                                Map.of(
                                                        "name",
                                                        "digits",
                                                        "path",
                                                        "/predict",
                                                        "upstreams",
                                                        List.of(
                                                                Map.of("model", "digits"),
                                                                Map.of("model", "next")),
                                                        "canary",
                                                        Map.of(
                                                                "steps",
                                                                List.of(10, 100),
                                                                "split",
                                                                "istio"))))));
        Owner web = new Owner("Gateway", "web");

        assertThat(division(plan)).contains("weight: 100").contains("weight: 0");
        assertThat(division(plan.following(Map.of(web, List.of(rollout("digits", 10))))))
                .contains("weight: 90")
                .contains("weight: 10");
        assertThat(plan.following(Map.of(web, List.of(rollout("another", 10)))).objects())
                .isEqualTo(plan.objects());
    }

    private static String division(Plan plan) {
        return plan.objects().get(new Owner("Gateway", "web")).stream()
                .filter(one -> one.kind().equals("VirtualService"))
                .map(one -> YamlWriter.write(one.fields()))
                .collect(Collectors.joining());
    }

    private static CanaryEntry rollout(String route, int percent) {
        return new CanaryEntry(
                route, "v", CanaryEntry.Phase.STEPPING, 1, 2, percent, "because", "now");
    }

    @Test
    void an_environments_patches_count() {
        Plan plan =
                plan(
                        model("digits", Map.of("source", "digits")),
                        declared(
                                "Environment",
                                "prod",
                                Map.of(
                                        "scaling",
                                        "none",
                                        "patches",
                                        List.of(
                                                Map.of(
                                                        "kind",
                                                        "Model",
                                                        "name",
                                                        "digits",
                                                        "spec",
                                                        Map.of("scaling", Map.of("min", 3)))))));

        assertThat(plan.pools().getFirst().scaling().min()).isEqualTo(3);
    }

    @Test
    void a_mistake_is_told_in_the_words_of_the_command_line_and_stops_nobody_else() {
        Plan plan =
                plan(
                        model("bad", Map.of("source", "digits", "scaling", Map.of("min", -1))),
                        model("good", Map.of("source", "digits")));

        assertThat(plan.problems().get(new Owner("Model", "bad")))
                .containsExactly(
                        "spec.scaling.min: '-1' (expected: a whole number from 0 to 1000)");
        assertThat(ids(plan, "Model/good")).isNotEmpty();
        assertThat(plan.objects()).doesNotContainKey(new Owner("Model", "bad"));
        assertThat(plan.isLeft(new Owner("Model", "bad"))).isTrue();
        assertThat(plan.isLeft(new Owner("Model", "good"))).isFalse();
    }

    @Test
    void a_gateway_keeps_its_routes_while_a_model_is_broken() {
        Plan plan =
                plan(
                        model("bad", Map.of("source", "digits", "runtime", "onyx")),
                        model("good", Map.of("source", "digits")),
                        gateway("good"));

        assertThat(plan.held().get(new Owner("Gateway", "web")))
                .isEqualTo("left as it is until Model/bad, which it needs, is right");
        assertThat(plan.objects()).doesNotContainKey(new Owner("Gateway", "web"));
    }

    @Test
    void a_model_in_the_replicas_of_a_broken_one_waits_for_it() {
        Plan plan =
                plan(
                        model("bad", Map.of("source", "digits", "runtime", "onyx")),
                        model("guest", Map.of("source", "digits", "sharesReplicasWith", "bad")));

        assertThat(plan.held()).containsKey(new Owner("Model", "guest"));
        assertThat(plan.pools()).isEmpty();
    }

    @Test
    void a_server_keeps_its_models_while_one_of_them_is_broken() {
        Plan plan =
                plan(
                        model("host", Map.of("source", "digits")),
                        model(
                                "bad",
                                Map.of(
                                        "source",
                                        "digits",
                                        "sharesReplicasWith",
                                        "host",
                                        "runtime",
                                        "onyx")));

        assertThat(plan.isLeft(new Owner("Model", "host"))).isTrue();
    }

    @Test
    void of_two_environments_neither_counts() {
        Plan plan =
                plan(
                        model("digits", Map.of("source", "digits")),
                        declared("Environment", "dev", Map.of()),
                        declared("Environment", "prod", Map.of()));

        assertThat(plan.problems().get(new Owner("Environment", "dev")))
                .containsExactly("'dev' (expected: one Environment in a namespace; ns has 2)");
        assertThat(plan.objects()).isEmpty();
        assertThat(plan.isLeft(Owner.NAMESPACE)).isTrue();
    }

    @Test
    void an_environment_is_for_the_namespace_that_it_is_in() {
        Plan plan = plan(declared("Environment", "dev", Map.of("namespace", "other")));

        assertThat(plan.problems().get(new Owner("Environment", "dev")))
                .containsExactly(
                        "spec.namespace: 'other' (expected: ns, where the resource is, or nothing)");
    }

    @Test
    void an_app_is_made_beside_models_and_a_gateway_waits_for_one_that_cannot_be() {
        Declared good = app("portal", Map.of("image", "example.com/portal:1"));
        Declared bad = app("portal", Map.of("command", List.of("java", "Portal.java")));
        Declared digits = model("digits", Map.of("source", "digits"));

        assertThat(ids(plan(good, digits, gateway("digits")), "App/portal"))
                .contains("deployment/portal-app", "service/portal-app-pods");
        Plan broken = plan(bad, digits, gateway("digits"));
        assertThat(broken.problems().get(new Owner("App", "portal")))
                .containsExactly(
                        "spec.image: 'missing' (expected: an image, which a cluster runs; `command`"
                                + " is for one machine)");
        assertThat(broken.isLeft(new Owner("Gateway", "web"))).isTrue();
        assertThat(ids(broken, "Model/digits")).isNotEmpty();
    }

    @Test
    void a_gateway_that_no_pod_can_be_given_says_so() {
        Planner refusing =
                new Planner(
                        (gateway, models, apps, _) -> {
                            throw new TidemillException(ErrorCode.INVALID_SPEC, "key.file: '/a'");
                        },
                        "0.1.0");

        Plan plan =
                refusing.plan(
                        "ns",
                        List.of(model("digits", Map.of("source", "digits")), gateway("digits")));

        assertThat(plan.problems().get(new Owner("Gateway", "web")))
                .containsExactly("key.file: '/a'");
        assertThat(ids(plan, "Model/digits")).isNotEmpty();
    }

    @Test
    void the_order_in_which_resources_are_seen_changes_nothing() {
        Declared[] all = {
            model("b", Map.of("source", "digits")),
            model("a", Map.of("source", "digits")),
            gateway("a"),
            declared("Environment", "e", Map.of("scaling", "tidemill"))
        };
        List<Declared> reversed = new ArrayList<>(Arrays.asList(all)).reversed();

        assertThat(PLANNER.plan("ns", reversed).objects()).isEqualTo(plan(all).objects());
    }

    static Plan plan(Declared... declared) {
        return PLANNER.plan("ns", List.of(declared));
    }

    static Declared model(String name, Map<String, Object> spec) {
        return declared("Model", name, spec);
    }

    private static Declared app(String name, Map<String, Object> spec) {
        return declared("App", name, spec);
    }

    private static Declared gateway(String model) {
        return declared(
                "Gateway",
                "web",
                Map.of("routes", List.of(Map.of("path", "/predict", "model", model))));
    }

    static Declared declared(String kind, String name, Map<String, Object> spec) {
        return new Declared(new Owner(kind, name), "uid-" + name, 1, spec);
    }

    private static List<String> ids(Plan plan, String owner) {
        String[] parts = owner.split("/", 2);
        return plan.objects().getOrDefault(new Owner(parts[0], parts[1]), List.of()).stream()
                .map(KubeObject::id)
                .toList();
    }
}
