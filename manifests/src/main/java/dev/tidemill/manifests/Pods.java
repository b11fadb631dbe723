package dev.tidemill.manifests;

import dev.tidemill.spec.cluster.PodSettings;
import dev.tidemill.spec.cluster.Toleration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The parts of pods that are the same for everyone: no root, no token, nothing writable but what
/// is mounted, spread over nodes and zones.
final class Pods {
    /// As in the image.
    static final int USER = 10_001;

    /// Root's and the group's, which the pod's user is in.
    private static final int GROUP_READS = 0b100_100_000;

    private static final String HOST = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";

    private Pods() {}

    /// @param grace seconds from SIGTERM, the pre-stop pause included, to SIGKILL
    /// @param configDigest of the configuration: pods are replaced when it changes
    static Map<String, Object> template(
            Scope scope,
            PodSettings pod,
            Optional<String> configDigest,
            long grace,
            Map<String, Object> container,
            List<Map<String, Object>> volumes) {
        return template(scope, pod, USER, configDigest, grace, container, volumes);
    }

    /// @param user that the pod runs as
    static Map<String, Object> template(
            Scope scope,
            PodSettings pod,
            int user,
            Optional<String> configDigest,
            long grace,
            Map<String, Object> container,
            List<Map<String, Object>> volumes) {
        Map<String, Object> annotations =
                Tree.with(
                        Tree.with(scope.environment().annotations(), pod.annotations()),
                        Tree.of("tidemill.dev/config-sha256", configDigest));
        return Tree.of(
                "metadata",
                Tree.of("labels", scope.podLabels(pod), "annotations", Tree.some(annotations)),
                "spec",
                spec(scope, pod, user, grace, container, volumes));
    }

    private static Map<String, Object> spec(
            Scope scope,
            PodSettings pod,
            int user,
            long grace,
            Map<String, Object> container,
            List<Map<String, Object>> volumes) {
        return Tree.of(
                "serviceAccountName",
                scope.name(),
                "automountServiceAccountToken",
                false,
                // Services as environment variables: slow starts in large namespaces, for nothing.
                "enableServiceLinks",
                false,
                "terminationGracePeriodSeconds",
                grace,
                "priorityClassName",
                scope.priorityClass(pod),
                "runtimeClassName",
                pod.runtimeClassName(),
                "imagePullSecrets",
                Tree.some(scope.pullSecrets()),
                "securityContext",
                podSecurity(user),
                "nodeSelector",
                Tree.some(pod.nodeSelector()),
                "tolerations",
                Tree.some(pod.tolerations().stream().map(Pods::toleration).toList()),
                "affinity",
                apart(scope),
                "topologySpreadConstraints",
                List.of(spread(scope, HOST), spread(scope, ZONE)),
                "containers",
                List.of(container),
                "volumes",
                volumes);
    }

    static Map<String, Object> podSecurity() {
        return podSecurity(USER);
    }

    private static Map<String, Object> podSecurity(int user) {
        return Tree.of(
                "runAsNonRoot",
                true,
                "runAsUser",
                user,
                "runAsGroup",
                user,
                "fsGroup",
                user,
                "fsGroupChangePolicy",
                "OnRootMismatch",
                "seccompProfile",
                Tree.of("type", "RuntimeDefault"));
    }

    static Map<String, Object> containerSecurity() {
        return Tree.of(
                "allowPrivilegeEscalation",
                false,
                "readOnlyRootFilesystem",
                true,
                "capabilities",
                Tree.of("drop", List.of("ALL")));
    }

    private static Map<String, Object> apart(Scope scope) {
        return Tree.of(
                "podAntiAffinity",
                Tree.of(
                        "preferredDuringSchedulingIgnoredDuringExecution",
                        List.of(
                                Tree.of(
                                        "weight",
                                        100,
                                        "podAffinityTerm",
                                        Tree.of(
                                                "topologyKey",
                                                HOST,
                                                "labelSelector",
                                                Tree.of("matchLabels", scope.selector()))))));
    }

    private static Map<String, Object> spread(Scope scope, String topology) {
        return Tree.of(
                "maxSkew",
                1,
                "topologyKey",
                topology,
                // A cluster of one node, or a zone that is full, must not keep a replica away.
                "whenUnsatisfiable",
                "ScheduleAnyway",
                "labelSelector",
                Tree.of("matchLabels", scope.selector()));
    }

    static Map<String, Object> toleration(Toleration toleration) {
        return Tree.of(
                "key",
                toleration.key(),
                "operator",
                toleration.operator(),
                "value",
                toleration.value(),
                "effect",
                toleration.effect(),
                "tolerationSeconds",
                toleration.seconds());
    }

    /// Endpoints of a pod that ends are gone a moment after it is told to: it serves on meanwhile.
    static Map<String, Object> pause(int seconds) {
        return Tree.of("preStop", Tree.of("sleep", Tree.of("seconds", seconds)));
    }

    static Map<String, Object> probe(
            String path, String port, int period, int timeout, int failures) {
        return Tree.of(
                "httpGet",
                Tree.of("path", path, "port", port),
                "periodSeconds",
                period,
                "timeoutSeconds",
                timeout,
                "failureThreshold",
                failures);
    }

    /// Over TLS; the kubelet believes any certificate.
    static Map<String, Object> secureProbe(
            String path, String port, int period, int timeout, int failures) {
        return Tree.with(
                probe(path, port, period, timeout, failures),
                Tree.of("httpGet", Tree.of("path", path, "port", port, "scheme", "HTTPS")));
    }

    static Map<String, Object> port(String name, int number) {
        return Tree.of("name", name, "containerPort", number, "protocol", "TCP");
    }

    static Map<String, Object> variable(String name, String value) {
        return Tree.of("name", name, "value", value);
    }

    static Map<String, Object> mount(String name, String path) {
        return Tree.of("name", name, "mountPath", path);
    }

    static Map<String, Object> readOnlyMount(String name, String path) {
        return Tree.of("name", name, "mountPath", path, "readOnly", true);
    }

    /// The token for control, and no other, as the file `service` of the folder it is mounted at.
    static Map<String, Object> token() {
        return secret("token", Names.TOKENS, Names.SERVICE);
    }

    static Map<String, Object> secret(String volume, String name, String... keys) {
        return Tree.of(
                "name",
                volume,
                "secret",
                Tree.of(
                        "secretName",
                        name,
                        "defaultMode",
                        GROUP_READS,
                        "items",
                        Stream.of(keys).map(key -> Tree.of("key", key, "path", key)).toList()));
    }

    /// All of a Secret, perhaps with a `ca.crt`, as files.
    static Map<String, Object> secret(String volume, String name) {
        return Tree.of(
                "name", volume, "secret", Tree.of("secretName", name, "defaultMode", GROUP_READS));
    }

    /// An entry of a Secret as an environment variable.
    static Map<String, Object> secretVariable(String name, String secret, String key) {
        return Tree.of(
                "name",
                name,
                "valueFrom",
                Tree.of("secretKeyRef", Tree.of("name", secret, "key", key)));
    }

    static Map<String, Object> configMap(String volume, String name) {
        return Tree.of("name", volume, "configMap", Tree.of("name", name));
    }

    /// Somebody's volume, to read.
    static Map<String, Object> claim(String volume, String claimName) {
        return Tree.of(
                "name",
                volume,
                "persistentVolumeClaim",
                Tree.of("claimName", claimName, "readOnly", true));
    }

    /// With containers that run and end before the others begin.
    static Map<String, Object> before(
            Map<String, Object> template, List<Map<String, Object>> first) {
        Map<String, Object> spec = new LinkedHashMap<>();
        Tree.map(template.get("spec"))
                .forEach((key, value) -> {
                    if (key.equals("containers") && !first.isEmpty()) {
                        spec.put("initContainers", first);
                    }
                    spec.put(key, value);
                });
        return Tree.with(template, Tree.of("spec", spec));
    }

    /// A pod that does one thing and ends.
    static Map<String, Object> once(Map<String, Object> template) {
        Map<String, Object> spec = Tree.map(template.get("spec"));
        // There is never a second one to keep away from.
        spec.remove("affinity");
        spec.remove("topologySpreadConstraints");
        spec.put("restartPolicy", "Never");
        return Tree.with(template, Tree.of("spec", spec));
    }

    static Map<String, Object> empty(String name) {
        return Tree.of("name", name, "emptyDir", Tree.of());
    }
}
