package dev.tidemill.manifests;

import dev.tidemill.spec.Environment;
import dev.tidemill.spec.cluster.NamespaceRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The namespace and what holds in all of it.
final class NamespaceObjects {
    private static final String POD_SECURITY = "pod-security.kubernetes.io/";

    private NamespaceObjects() {}

    static List<KubeObject> of(Platform platform) {
        Environment environment = platform.environment();
        Scope scope = new Scope(platform, "tidemill", "platform", Map.of());
        List<KubeObject> objects = new ArrayList<>();
        environment.namespace().ifPresent(name -> objects.add(namespace(scope, name)));
        environment.priority().ifPresent(value -> objects.add(priority(scope, value)));
        NamespaceRules rules = environment.rules();
        if (!rules.quota().isEmpty()) {
            objects.add(
                    scope.object("v1", "ResourceQuota", "spec", Tree.of("hard", rules.quota())));
        }
        rules.limitRange().ifPresent(range -> objects.add(limits(scope, range)));
        return objects;
    }

    private static KubeObject namespace(Scope scope, String name) {
        String level = scope.environment().rules().podSecurity();
        Map<String, Object> labels = new LinkedHashMap<>(scope.labels());
        for (String mode : List.of("enforce", "audit", "warn")) {
            labels.put(POD_SECURITY + mode, level);
            labels.put(POD_SECURITY + mode + "-version", "latest");
        }
        return new KubeObject(
                Tree.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Namespace",
                        "metadata",
                        Tree.of(
                                "name",
                                name,
                                "labels",
                                labels,
                                "annotations",
                                Tree.some(scope.environment().annotations()))));
    }

    private static KubeObject priority(Scope scope, int value) {
        return new KubeObject(
                Tree.of(
                        "apiVersion",
                        "scheduling.k8s.io/v1",
                        "kind",
                        "PriorityClass",
                        "metadata",
                        Tree.of(
                                "name",
                                Scope.priorityName(scope.environment()),
                                "labels",
                                scope.labels()),
                        "value",
                        value,
                        "globalDefault",
                        false,
                        "preemptionPolicy",
                        "PreemptLowerPriority",
                        "description",
                        "Processes of Tidemill"));
    }

    private static KubeObject limits(Scope scope, NamespaceRules.ContainerRange range) {
        return scope.object(
                "v1",
                "LimitRange",
                "spec",
                Tree.of(
                        "limits",
                        List.of(
                                Tree.of(
                                        "type",
                                        "Container",
                                        "default",
                                        Tree.some(range.defaults()),
                                        "defaultRequest",
                                        Tree.some(range.defaultRequests()),
                                        "min",
                                        Tree.some(range.min()),
                                        "max",
                                        Tree.some(range.max())))));
    }
}
