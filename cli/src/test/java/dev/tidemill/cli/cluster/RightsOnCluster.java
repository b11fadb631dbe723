package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.render.RenderCase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What the operator's account may do, asked of a real API server in its name: make everything that
/// an environment has, and read no Secret anywhere. Its roles are the rendered ones under names of
/// their own, so that an operator that is installed there keeps its own.
final class RightsOnCluster {
    private static final String REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    /// Made by whoever installs, and never by the operator.
    private static final Set<String> OTHERS = Set.of("Namespace");

    private static StrictCluster cluster;
    private static StrictServer operator;

    @BeforeAll
    static void open() {
        cluster = StrictCluster.open("rights-test");
        operator =
                cluster.server()
                        .as(
                                "system:serviceaccount:%s:tidemill-operator"
                                        .formatted(cluster.namespace()));
        List<Map<String, Object>> rights =
                cluster.rendered().get("--operator").stream()
                        .filter(each ->
                                ObjectTrees.kind(each).startsWith("Role")
                                        || ObjectTrees.kind(each).startsWith("ClusterRole"))
                        .toList();
        assertThat(rights.stream().map(ObjectTrees::kind))
                .contains("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding");
        rights.forEach(each -> cluster.keep(moved(each)));
        Waits.until("the operator has its rights", () -> may("patch", "apps", "deployments", ""));
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /// Of a name that no other has, for the account of our namespace.
    private static Map<String, Object> moved(Map<String, Object> right) {
        Map<String, Object> metadata = ObjectTrees.map(right.get("metadata"));
        metadata.put("name", mine(String.valueOf(metadata.get("name"))));
        Map<String, Object> moved = ObjectTrees.with(right, "metadata", metadata);
        if (right.get("roleRef") instanceof Map<?, ?> role) {
            Map<String, Object> named = ObjectTrees.map(role);
            named.computeIfPresent(
                    "name", (_, name) -> name.equals("tidemill-operator") ? mine("" + name) : name);
            moved.put("roleRef", named);
            moved.put(
                    "subjects",
                    List.of(
                            Map.of(
                                    "kind",
                                    "ServiceAccount",
                                    "name",
                                    "tidemill-operator",
                                    "namespace",
                                    cluster.namespace())));
        }
        return moved;
    }

    private static String mine(String name) {
        return name + "-" + cluster.namespace();
    }

    static List<String> environments() {
        return Stream.concat(
                        RenderCase.all().stream()
                                .filter(RenderCase::isEnvironment)
                                .map(RenderCase::toString),
                        Stream.of(
                                "training.yaml",
                                "training-program.yaml",
                                "training-trainjob.yaml",
                                "what the operator registers"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void it_may_make_everything_that_an_environment_has(String source) {
        List<Map<String, Object>> objects =
                cluster.rendered().get(source).stream()
                        .filter(each -> !OTHERS.contains(ObjectTrees.kind(each)))
                        .toList();
        // Only what is there can be bound.
        objects.stream()
                .filter(each -> ObjectTrees.kind(each).equals("Role"))
                .forEach(role -> operator.keep(role, cluster.namespace()));

        assertThat(cluster.complaints(operator, objects)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/secrets",
        "/api/v1/secrets?watch=1",
        "/api/v1/namespaces/kube-system/secrets",
        "/api/v1/namespaces/MINE/secrets",
        "/api/v1/namespaces/MINE/secrets?watch=1",
        "/api/v1/namespaces/MINE/secrets/tidemill-tokens",
        "/api/v1/namespaces/MINE/pods/any/log"
    })
    void it_is_shown_no_secret_and_no_log(String path) {
        assertThat(operator.get(path.replace("MINE", cluster.namespace())).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "get, '', secrets, ''",
        "list, '', secrets, ''",
        "watch, '', secrets, ''",
        "update, '', secrets, ''",
        "patch, '', secrets, ''",
        "delete, '', secrets, ''",
        "deletecollection, '', secrets, ''",
        "create, '', pods, ''",
        "create, '', pods, exec",
        "create, '', pods, attach",
        "create, '', pods, portforward",
        "create, '', pods, ephemeralcontainers",
        "create, '', serviceaccounts, token",
        "create, '', namespaces, ''",
        "get, '', nodes, proxy",
        "impersonate, '', users, ''",
        "impersonate, '', serviceaccounts, ''",
        "create, rbac.authorization.k8s.io, clusterroles, ''",
        "create, rbac.authorization.k8s.io, clusterrolebindings, ''",
        "bind, rbac.authorization.k8s.io, roles, ''",
        "escalate, rbac.authorization.k8s.io, roles, ''",
        "patch, apiextensions.k8s.io, customresourcedefinitions, ''",
        "delete, '', persistentvolumeclaims, ''",
        "patch, tidemill.dev, models, ''",
        "'*', '*', '*', ''"
    })
    void it_may_not(String verb, String group, String resource, String subresource) {
        assertThat(may(verb, group, resource, subresource)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "create, '', secrets, ''",
        "list, '', pods, ''",
        "watch, tidemill.dev, models, ''",
        "patch, tidemill.dev, models, status",
        "update, apps, deployments, scale",
        "patch, '', events, ''",
        "update, coordination.k8s.io, leases, ''"
    })
    void it_may(String verb, String group, String resource, String subresource) {
        assertThat(may(verb, group, resource, subresource)).isTrue();
    }

    @Test
    void a_role_with_more_rights_than_its_own_it_cannot_make() {
        Map<String, Object> role =
                ObjectTrees.read(
                                """
                                apiVersion: rbac.authorization.k8s.io/v1
                                kind: Role
                                metadata: {name: more}
                                rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
                                """)
                        .getFirst();

        assertThat(operator.complaints(role, cluster.namespace()))
                .singleElement()
                .asString()
                .contains("attempting to grant RBAC permissions not currently held");
    }

    private static boolean may(String verb, String group, String resource, String subresource) {
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("namespace", cluster.namespace());
        asked.put("verb", verb);
        asked.put("group", group);
        asked.put("resource", resource);
        asked.put("subresource", subresource);
        StrictServer.Answer answer =
                operator.post(
                        REVIEW,
                        Map.of(
                                "apiVersion",
                                "authorization.k8s.io/v1",
                                "kind",
                                "SelfSubjectAccessReview",
                                "spec",
                                Map.of("resourceAttributes", asked)));
        assertThat(answer.complaints()).isEmpty();
        return Boolean.TRUE.equals(ObjectTrees.map(answer.body().get("status")).get("allowed"));
    }
}
