package dev.tidemill.manifests;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rights, and who has them.
final class Rbac {
    static final String GROUP = "rbac.authorization.k8s.io";

    private static final String ACCOUNT = "ServiceAccount";

    private Rbac() {}

    /// A role of that name, of the whole cluster where it has no namespace.
    static KubeObject role(
            Scope scope, String name, Optional<String> namespace, List<Map<String, Object>> rules) {
        return of(scope, kind(namespace), name, namespace, Tree.of("rules", rules));
    }

    /// Gives a role to a service account.
    ///
    /// @param name of the binding
    /// @param namespace in which the account has the rights; none for the whole cluster
    /// @param role which is of the cluster exactly where there is no namespace
    static KubeObject binding(
            Scope scope, String name, Optional<String> namespace, String role, Account account) {
        return of(
                scope,
                kind(namespace) + "Binding",
                name,
                namespace,
                Tree.of(
                        "roleRef",
                        Tree.of("apiGroup", GROUP, "kind", kind(namespace), "name", role),
                        "subjects",
                        List.of(
                                Tree.of(
                                        "kind",
                                        ACCOUNT,
                                        "name",
                                        account.name(),
                                        "namespace",
                                        account.namespace()))));
    }

    /// Rights of a part's own account, in its namespace: what it is where none is named only
    /// whoever applies knows, see [KubeObject#within].
    static List<KubeObject> own(Scope scope, List<Map<String, Object>> rules) {
        return List.of(
                scope.object(GROUP + "/v1", "Role", "rules", rules),
                scope.object(
                        GROUP + "/v1",
                        "RoleBinding",
                        "roleRef",
                        Tree.of("apiGroup", GROUP, "kind", "Role", "name", scope.name()),
                        "subjects",
                        List.of(
                                Tree.of(
                                        "kind",
                                        ACCOUNT,
                                        "name",
                                        scope.name(),
                                        "namespace",
                                        scope.environment().namespace()))));
    }

    static Map<String, Object> rule(String group, List<String> resources, List<String> verbs) {
        return Tree.of("apiGroups", List.of(group), "resources", resources, "verbs", verbs);
    }

    /// Of those names only.
    static Map<String, Object> rule(
            String group, String resource, List<String> names, List<String> verbs) {
        return Tree.of(
                "apiGroups",
                List.of(group),
                "resources",
                List.of(resource),
                "resourceNames",
                names,
                "verbs",
                verbs);
    }

    private static String kind(Optional<String> namespace) {
        return namespace.isPresent() ? "Role" : "ClusterRole";
    }

    private static KubeObject of(
            Scope scope,
            String kind,
            String name,
            Optional<String> namespace,
            Map<String, Object> content) {
        return new KubeObject(
                Tree.with(
                        Tree.of(
                                "apiVersion",
                                GROUP + "/v1",
                                "kind",
                                kind,
                                "metadata",
                                Tree.of(
                                        "name",
                                        name,
                                        "namespace",
                                        namespace,
                                        "labels",
                                        scope.labels())),
                        content));
    }

    /// Who has the rights.
    record Account(String name, String namespace) {}
}
