package dev.tidemill.manifests;

import dev.tidemill.spec.cluster.PodSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The operator itself: two pods, of which one leads, and the rights that they need and no more. It
/// may read no Secret at all.
public final class OperatorObjects {
    static final String COMPONENT = "operator";

    /// Where it runs when no environment says so.
    public static final String NAMESPACE = "tidemill-system";

    private static final String NAME = OperatorApis.NAME;
    private static final int HTTP = 8080;

    /// Secrets that sources of metrics name.
    private static final String SOURCES = "sources";

    private static final String SOURCES_FOLDER = "/etc/tidemill/sources";
    private static final int GRACE_SECONDS = 20;

    private OperatorObjects() {}

    /// In the order in which they can be applied.
    ///
    /// @param platform whose environment says namespace and image
    public static List<KubeObject> of(Platform platform) {
        String namespace = platform.environment().namespace().orElse(NAMESPACE);
        Scope scope = new Scope(platform, NAME, COMPONENT, Map.of());
        List<KubeObject> objects = new ArrayList<>();
        objects.add(namespace(scope, namespace));
        objects.add(placed(scope.serviceAccount(), namespace));
        Rbac.Account account = new Rbac.Account(NAME, namespace);
        objects.add(Rbac.role(scope, NAME, Optional.empty(), OperatorRights.ofCluster()));
        objects.add(Rbac.binding(scope, NAME, Optional.empty(), NAME, account));
        objects.add(
                Rbac.role(scope, NAME, Optional.of(namespace), OperatorRights.ofItsNamespace()));
        objects.add(Rbac.binding(scope, NAME, Optional.of(namespace), NAME, account));
        objects.add(OperatorApis.reader(scope, account));
        objects.add(placed(OperatorApis.service(scope), namespace));
        MutualTlsObjects.certificate(platform, COMPONENT)
                .ifPresent(certificate -> objects.add(placed(certificate, namespace)));
        objects.add(placed(deployment(scope), namespace));
        return objects;
    }

    private static KubeObject namespace(Scope scope, String namespace) {
        return new KubeObject(
                Tree.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Namespace",
                        "metadata",
                        Tree.of(
                                "name",
                                namespace,
                                "labels",
                                Tree.with(
                                        scope.labels(),
                                        Tree.of(
                                                "pod-security.kubernetes.io/enforce",
                                                "restricted")))));
    }

    private static KubeObject deployment(Scope scope) {
        Map<String, Object> template =
                Pods.template(
                        scope,
                        PodSettings.NONE,
                        Optional.empty(),
                        GRACE_SECONDS,
                        container(scope),
                        Tree.joined(
                                List.of(Pods.empty("tmp"), sources()),
                                MutualTlsObjects.volumes(scope.platform(), COMPONENT)));
        Map<String, Object> spec =
                Tree.with(
                        Tree.map(template.get("spec")),
                        // It is the only one of ours that talks to the API server.
                        Tree.of("automountServiceAccountToken", true));
        return scope.object(
                "apps/v1",
                "Deployment",
                "spec",
                Tree.of(
                        "replicas",
                        2,
                        "revisionHistoryLimit",
                        5,
                        "selector",
                        Tree.of("matchLabels", scope.selector()),
                        "strategy",
                        ServerObjects.rolling(1),
                        "template",
                        Tree.with(template, Tree.of("spec", spec))));
    }

    private static Map<String, Object> container(Scope scope) {
        return Container.ours(
                scope,
                "args",
                Tree.joined(
                        List.of(
                                "operator",
                                "--host=0.0.0.0",
                                "--port=" + HTTP,
                                "--lease-namespace=$(NAMESPACE)",
                                "--identity=$(POD)",
                                "--metrics-port=" + OperatorApis.METRICS_PORT,
                                "--keda-port=" + OperatorApis.KEDA_PORT,
                                "--address=$(ADDRESS)",
                                "--sources-dir=" + SOURCES_FOLDER),
                        MutualTlsObjects.asked(scope.platform()).stream()
                                .map(_ -> "--tls-dir=" + MutualTlsObjects.FOLDER)
                                .toList()),
                "env",
                List.of(
                        Pods.variable("TIDEMILL_JAVA_OPTS", "-XX:MaxRAMPercentage=60"),
                        field("NAMESPACE", "metadata.namespace"),
                        field("POD", "metadata.name"),
                        field("ADDRESS", "status.podIP")),
                "ports",
                List.of(
                        Pods.port("http", HTTP),
                        Pods.port("metrics", OperatorApis.METRICS_PORT),
                        Pods.port("keda", OperatorApis.KEDA_PORT)),
                "resources",
                Tree.of(
                        "requests",
                        Tree.of("cpu", "100m", "memory", "384Mi"),
                        "limits",
                        Tree.of("memory", "384Mi")),
                "startupProbe",
                Pods.probe("/health/started", "http", 1, 2, 60),
                "readinessProbe",
                Pods.probe("/health/ready", "http", 5, 2, 2),
                "livenessProbe",
                Pods.probe("/health/live", "http", 10, 5, 3),
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                Tree.joined(
                        List.of(
                                Pods.mount("tmp", "/tmp"),
                                Pods.readOnlyMount(SOURCES, SOURCES_FOLDER)),
                        MutualTlsObjects.mounts(scope.platform())));
    }

    /// Of the operator's namespace, whose keys are `NAMESPACE.NAME`; it need not be there.
    private static Map<String, Object> sources() {
        return Tree.of(
                "name",
                SOURCES,
                "secret",
                Tree.of(
                        "secretName",
                        NAME + "-sources",
                        // Root's and the group's, which the pod's user is in.
                        "defaultMode",
                        0b100_100_000,
                        "optional",
                        true));
    }

    private static Map<String, Object> field(String name, String path) {
        return Tree.of("name", name, "valueFrom", Tree.of("fieldRef", Tree.of("fieldPath", path)));
    }

    private static KubeObject placed(KubeObject object, String namespace) {
        return new KubeObject(
                Tree.with(
                        object.fields(),
                        Tree.of(
                                "metadata",
                                Tree.with(
                                        Tree.map(object.fields().get("metadata")),
                                        Tree.of("namespace", namespace)))));
    }
}
