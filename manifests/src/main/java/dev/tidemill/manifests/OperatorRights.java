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
                Rbac.rule(
                        "tidemill.dev",
                        List.of("models", "apps", "gateways", "trainings", "environments"),
                        READ),
                Rbac.rule(
                        "tidemill.dev",
                        List.of(
                                "models/status",
                                "apps/status",
                                "gateways/status",
                                "trainings/status",
                                "environments/status"),
                        List.of("get", "patch")),
                Rbac.rule("", List.of("namespaces", "pods"), READ),
                // Whether its own kinds are defined as this release knows them.
                Rbac.rule(
                        "apiextensions.k8s.io",
                        List.of("customresourcedefinitions"),
                        List.of("get")),
                Rbac.rule(
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
                Rbac.rule("", List.of("secrets"), List.of("create")),
                Rbac.rule("", List.of("events"), List.of("create", "patch")),
                // Processor and memory of the servers' pods, for policies that go by them.
                Rbac.rule("metrics.k8s.io", List.of("pods"), List.of("get", "list")),
                Rbac.rule("apps", List.of("deployments", "statefulsets"), MAKE),
                Rbac.rule("batch", List.of("cronjobs"), MAKE),
                // For backups; what is on them outlives everything.
                Rbac.rule("", List.of("persistentvolumeclaims"), List.of("get", "create", "patch")),
                Rbac.rule("apps", List.of("deployments/scale"), List.of("get", "patch", "update")),
                Rbac.rule("batch", List.of("jobs"), MAKE),
                // A training's program on several nodes.
                Rbac.rule("trainer.kubeflow.org", List.of("trainjobs"), MAKE),
                Rbac.rule("autoscaling", List.of("horizontalpodautoscalers"), MAKE),
                Rbac.rule("keda.sh", List.of("scaledobjects"), MAKE),
                // Rights to change the one number of one autoscaler; no more than it has itself.
                Rbac.rule(Rbac.GROUP, List.of("roles", "rolebindings"), MAKE),
                Rbac.rule("policy", List.of("poddisruptionbudgets"), MAKE),
                Rbac.rule("networking.k8s.io", List.of("networkpolicies", "ingresses"), MAKE),
                Rbac.rule("gateway.networking.k8s.io", List.of("httproutes"), MAKE),
                Rbac.rule(
                        "networking.istio.io",
                        List.of("virtualservices", "destinationrules"),
                        MAKE),
                Rbac.rule("cert-manager.io", List.of("certificates"), MAKE),
                Rbac.rule("external-secrets.io", List.of("externalsecrets"), MAKE),
                Rbac.rule("secrets-store.csi.x-k8s.io", List.of("secretproviderclasses"), MAKE),
                Rbac.rule("monitoring.coreos.com", List.of("servicemonitors", "podmonitors"), MAKE),
                // Who serves the metrics APIs, where nobody does; never another's.
                Rbac.rule("apiregistration.k8s.io", List.of("apiservices"), List.of("create")),
                Rbac.rule(
                        "apiregistration.k8s.io",
                        "apiservices",
                        List.of("v1beta2.custom.metrics.k8s.io", "v1beta1.external.metrics.k8s.io"),
                        List.of("get", "patch", "delete")),
                // With which those go.
                Rbac.rule(Rbac.GROUP, "clusterroles", List.of(OperatorApis.NAME), List.of("get")),
                Rbac.rule(
                        "scheduling.k8s.io",
                        List.of("priorityclasses"),
                        List.of("get", "create", "patch")));
    }

    /// The Lease by which one leads, and the way to that one.
    static List<Map<String, Object>> ofItsNamespace() {
        return List.of(
                Rbac.rule("discovery.k8s.io", List.of("endpointslices"), List.of("create")),
                Rbac.rule(
                        "discovery.k8s.io",
                        "endpointslices",
                        List.of(OperatorApis.NAME),
                        List.of("get", "patch")),
                Rbac.rule(
                        "coordination.k8s.io",
                        List.of("leases"),
                        List.of("get", "create", "update", "patch")));
    }
}
