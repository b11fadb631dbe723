package dev.tidemill.manifests;

import dev.tidemill.common.ByteSize;
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
    /// @param port its number and its name
    static List<KubeObject> of(
            Scope scope,
            DevelopmentStore store,
            long seconds,
            int port,
            Map<String, Object> container,
            List<Map<String, Object>> volumes) {
        return List.of(
                scope.serviceAccount(),
                statefulSet(scope, store, seconds, container, volumes),
                Services.pods(
                        scope, scope.name(), List.of(Services.port(scope.component(), port))));
    }

    /// @param start keys and values that say how it is started
    /// @param resources asked for
    /// @param answers a command that fails while the store does not answer
    /// @param seconds after which it was not started
    static Map<String, Object> container(
            Scope scope,
            String image,
            Map<String, Object> start,
            int port,
            Map<String, Object> resources,
            List<String> answers,
            int seconds,
            List<Map<String, Object>> mounts) {
        return Tree.with(
                Container.pinned(scope.component(), image),
                Tree.with(
                        start,
                        Tree.of(
                                "ports",
                                List.of(Pods.port(scope.component(), port)),
                                "resources",
                                resources,
                                "startupProbe",
                                probe(answers, 1, seconds),
                                "readinessProbe",
                                probe(answers, 5, 2),
                                "livenessProbe",
                                probe(answers, 10, 6),
                                "securityContext",
                                Pods.containerSecurity(),
                                "volumeMounts",
                                mounts)));
    }

    private static KubeObject statefulSet(
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
                                data(
                                        scope,
                                        storageClass(scope, store.volume()),
                                        store.volume().size()))));
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

    /// The volume of a StatefulSet's pod.
    static Map<String, Object> data(Scope scope, Optional<String> storageClass, ByteSize size) {
        return Tree.of(
                "metadata",
                Tree.of("name", "data", "labels", scope.selector()),
                "spec",
                claim(storageClass, size));
    }

    /// What a claim says.
    static Map<String, Object> claim(Optional<String> storageClass, ByteSize size) {
        return Tree.of(
                "accessModes",
                List.of("ReadWriteOnce"),
                "storageClassName",
                storageClass,
                "resources",
                Tree.of("requests", Tree.of("storage", Quantities.bytes(size))));
    }

    static Optional<String> storageClass(Scope scope, StoreVolume volume) {
        return volume.storageClassName().or(scope.environment()::storageClassName);
    }

    /// A command that fails while the store does not answer.
    private static Map<String, Object> probe(List<String> command, int period, int failures) {
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
}
