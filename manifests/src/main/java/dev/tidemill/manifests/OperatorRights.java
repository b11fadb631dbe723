package dev.tidemill.manifests;

import java.util.List;
import java.util.Map;

/// What the operator may do. Not on the list: reading Secrets, roles, anything in a pod.
final class OperatorRights {
    private static final List<String> READ = List.of("get", "list", "watch");

    /// What is made; a server-side apply is a patch that may create.
    private static final List<String> MAKE =
            List.of("get", "list", "watch", "create", "patch", "delete");

    private OperatorRights() {}

    static List<Map<String, Object>> ofCluster() {
        return List.of(
                rule(
                        "tidemill.dev",
                        List.of("models", "apps", "gateways", "trainings", "environments"),
                        READ),
                rule(
                        "tidemill.dev",
                        List.of(
                                "models/status",
                                "apps/status",
                                "gateways/status",
                                "trainings/status",
                                "environments/status"),
                        List.of("get", "patch")),
                rule("", List.of("namespaces", "pods"), READ),
                // Whether its own kinds are defined as this release knows them.
                rule("apiextensions.k8s.io", List.of("customresourcedefinitions"), List.of("get")),
                rule(
                        "",
                        List.of(
                                "services",
                                "serviceaccounts",
                                "configmaps",
                                "resourcequotas",
                                "limitranges"),
                        MAKE),
                // Tokens of control and passwords of stores, made where there are none; it cannot
                // read them back.
                rule("", List.of("secrets"), List.of("create")),
                rule("", List.of("events"), List.of("create", "patch")),
                // Processor and memory of the servers' pods, for policies that go by them.
                rule("metrics.k8s.io", List.of("pods"), List.of("get", "list")),
                rule("apps", List.of("deployments", "statefulsets"), MAKE),
                rule("batch", List.of("cronjobs"), MAKE),
                // For backups; what is on them outlives everything.
                rule("", List.of("persistentvolumeclaims"), List.of("get", "create", "patch")),
                rule("apps", List.of("deployments/scale"), List.of("get", "patch", "update")),
                rule("batch", List.of("jobs"), MAKE),
                rule("autoscaling", List.of("horizontalpodautoscalers"), MAKE),
                rule("keda.sh", List.of("scaledobjects"), MAKE),
                rule("policy", List.of("poddisruptionbudgets"), MAKE),
                rule("networking.k8s.io", List.of("networkpolicies", "ingresses"), MAKE),
                rule("gateway.networking.k8s.io", List.of("httproutes"), MAKE),
                rule("cert-manager.io", List.of("certificates"), MAKE),
                rule("monitoring.coreos.com", List.of("servicemonitors", "podmonitors"), MAKE),
                // Who serves the metrics APIs, where nobody does; never another's.
                rule("apiregistration.k8s.io", List.of("apiservices"), List.of("create")),
                named(
                        "apiregistration.k8s.io",
                        "apiservices",
                        List.of("v1beta2.custom.metrics.k8s.io", "v1beta1.external.metrics.k8s.io"),
                        List.of("get", "patch", "delete")),
                // With which those go.
                named(
                        "rbac.authorization.k8s.io",
                        "clusterroles",
                        List.of(OperatorApis.NAME),
                        List.of("get")),
                rule(
                        "scheduling.k8s.io",
                        List.of("priorityclasses"),
                        List.of("get", "create", "patch")));
    }

    /// The Lease by which one leads, and the way to that one.
    static List<Map<String, Object>> ofItsNamespace() {
        return List.of(
                rule("discovery.k8s.io", List.of("endpointslices"), List.of("create")),
                named(
                        "discovery.k8s.io",
                        "endpointslices",
                        List.of(OperatorApis.NAME),
                        List.of("get", "patch")),
                rule(
                        "coordination.k8s.io",
                        List.of("leases"),
                        List.of("get", "create", "update", "patch")));
    }

    private static Map<String, Object> named(
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

    private static Map<String, Object> rule(
            String group, List<String> resources, List<String> verbs) {
        return Tree.of("apiGroups", List.of(group), "resources", resources, "verbs", verbs);
    }
}
