package dev.tidemill.manifests;

import dev.tidemill.spec.Environment;
import dev.tidemill.spec.cluster.PodSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What all objects of one part of the platform have in common.
///
/// @param name of the part: its Deployment, Service and so on
/// @param component `server`, `gateway` or `control`
/// @param more labels of the part's own
record Scope(Platform platform, String name, String component, Map<String, String> more) {
    private static final String KUBERNETES = "app.kubernetes.io/";

    Scope with(Map<String, String> labels) {
        Map<String, String> all = new LinkedHashMap<>(more);
        all.putAll(labels);
        return new Scope(platform, name, component, all);
    }

    Environment environment() {
        return platform.environment();
    }

    KubeObject object(String apiVersion, String kind, Object... rest) {
        return named(name, apiVersion, kind, rest);
    }

    KubeObject named(String objectName, String apiVersion, String kind, Object... rest) {
        Map<String, Object> fields =
                Tree.of("apiVersion", apiVersion, "kind", kind, "metadata", metadata(objectName));
        fields.putAll(Tree.of(rest));
        return new KubeObject(fields);
    }

    /// For an object of this part.
    Map<String, Object> metadata(String objectName) {
        return Tree.of(
                "name",
                objectName,
                "namespace",
                environment().namespace(),
                "labels",
                labels(),
                "annotations",
                Tree.some(environment().annotations()));
    }

    /// Of every object.
    Map<String, Object> labels() {
        Map<String, Object> labels = new LinkedHashMap<>(environment().labels());
        labels.putAll(selector());
        labels.put(KUBERNETES + "component", component);
        labels.put(KUBERNETES + "part-of", "tidemill");
        labels.put(KUBERNETES + "managed-by", "tidemill");
        labels.put(KUBERNETES + "version", platform.release());
        labels.putAll(more);
        return labels;
    }

    /// Of pods: a release changes them, and with them the pods.
    Map<String, Object> podLabels(PodSettings pod) {
        return Tree.with(pod.labels(), labels());
    }

    /// Never changes, or a Deployment could not be updated.
    Map<String, Object> selector() {
        return Tree.of(KUBERNETES + "name", "tidemill-" + component, KUBERNETES + "instance", name);
    }

    /// All pods of a component.
    static Map<String, Object> selectorOf(String component) {
        return Tree.of("matchLabels", Tree.of(KUBERNETES + "name", "tidemill-" + component));
    }

    KubeObject serviceAccount() {
        // Nothing of ours asks the API server for anything.
        return object(
                "v1",
                "ServiceAccount",
                "automountServiceAccountToken",
                false,
                "imagePullSecrets",
                Tree.some(pullSecrets()));
    }

    List<Map<String, Object>> pullSecrets() {
        return environment().image().pullSecrets().stream()
                .map(secret -> Tree.of("name", secret))
                .toList();
    }

    Optional<Object> priorityClass(PodSettings pod) {
        return pod.priorityClassName()
                .<Object>map(name -> name)
                .or(() -> environment().priority().map(_ -> priorityName(environment())));
    }

    /// A PriorityClass is the whole cluster's, so its name says whose it is.
    static String priorityName(Environment environment) {
        return Names.fit("tidemill-" + environment.namespace().orElse(environment.name()), "");
    }
}
