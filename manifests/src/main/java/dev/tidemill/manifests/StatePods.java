package dev.tidemill.manifests;

import dev.tidemill.spec.cluster.DevelopmentStore;
import dev.tidemill.spec.cluster.PodSettings;
import dev.tidemill.spec.cluster.StoreVolume;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What stores of a single pod have in common: a StatefulSet with a volume of its own, and a
/// Service that means its pod.
final class StatePods {
    /// Of `postgres` and of `redis` in their public images.
    private static final int USER = 999;

    private StatePods() {}

    /// @param seconds it may take to write down what it has
    static KubeObject statefulSet(
            Scope scope,
            DevelopmentStore store,
            long seconds,
            Map<String, Object> container,
            List<Map<String, Object>> volumes) {
        return scope.object(
                "apps/v1",
                "StatefulSet",
                "spec",
                Tree.of(
                        "serviceName",
                        scope.name(),
                        "replicas",
                        1,
                        "revisionHistoryLimit",
                        5,
                        "selector",
                        Tree.of("matchLabels", scope.selector()),
                        "template",
                        template(scope, store.pod(), seconds, container, volumes),
                        "persistentVolumeClaimRetentionPolicy",
                        Tree.of(
                                "whenDeleted",
                                store.keeps() ? "Retain" : "Delete",
                                "whenScaled",
                                "Retain"),
                        "volumeClaimTemplates",
                        List.of(
                                Tree.of(
                                        "metadata",
                                        Tree.of("name", "data", "labels", scope.selector()),
                                        "spec",
                                        claim(scope, store.volume())))));
    }

    /// A pod of an image that is not ours, whose program runs as a user of its own.
    static Map<String, Object> template(
            Scope scope,
            PodSettings pod,
            long seconds,
            Map<String, Object> container,
            List<Map<String, Object>> volumes) {
        Map<String, Object> template =
                Pods.template(scope, pod, Optional.empty(), seconds, container, volumes);
        Map<String, Object> user =
                Tree.with(
                        Pods.podSecurity(),
                        Tree.of("runAsUser", USER, "runAsGroup", USER, "fsGroup", USER));
        return Tree.with(
                template,
                Tree.of(
                        "spec",
                        Tree.with(
                                Tree.map(template.get("spec")), Tree.of("securityContext", user))));
    }

    /// What a claim says.
    static Map<String, Object> claim(Scope scope, StoreVolume volume) {
        return Tree.of(
                "accessModes",
                List.of("ReadWriteOnce"),
                "storageClassName",
                volume.storageClassName().or(scope.environment()::storageClassName),
                "resources",
                Tree.of("requests", Tree.of("storage", Quantities.bytes(volume.size()))));
    }

    static KubeObject service(Scope scope, String port, int number) {
        return scope.object(
                "v1",
                "Service",
                "spec",
                Tree.of(
                        "clusterIP",
                        "None",
                        "selector",
                        scope.selector(),
                        "ports",
                        List.of(ServerObjects.servicePort(port, number))));
    }

    /// A command that fails while the store does not answer.
    static Map<String, Object> probe(List<String> command, int period, int failures) {
        return Tree.of(
                "exec",
                Tree.of("command", command),
                "periodSeconds",
                period,
                "timeoutSeconds",
                5,
                "failureThreshold",
                failures);
    }

    /// All of a Secret, perhaps with a `ca.crt`, as files.
    static Map<String, Object> secret(String volume, String name) {
        return Tree.of(
                "name",
                volume,
                "secret",
                Tree.of("secretName", name, "defaultMode", 0b100_100_000));
    }

    /// An entry of a Secret as an environment variable.
    static Map<String, Object> variable(String name, String secret, String key) {
        return Tree.of(
                "name",
                name,
                "valueFrom",
                Tree.of("secretKeyRef", Tree.of("name", secret, "key", key)));
    }
}
