package dev.tidemill.operator.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Pods that serve.
record ReadyPods(Seen seen) {
    /// @param component `server`, `app` or `gateway`
    /// @param instance of which part; all when none is given
    List<GenericKubernetesResource> of(String component, Optional<String> instance) {
        return seen.list(Kinds.POD).stream()
                .filter(pod -> label(pod, "component").equals(component))
                .filter(pod ->
                        instance.filter(one -> !one.equals(label(pod, "instance"))).isEmpty())
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod ->
                        Look.condition(pod.getAdditionalProperties(), "Ready")
                                .filter(one -> Look.text(one, "status").equals("True"))
                                .isPresent())
                .toList();
    }

    private static String label(GenericKubernetesResource pod, String key) {
        return Optional.ofNullable(pod.getMetadata().getLabels())
                .map(labels -> labels.get("app.kubernetes.io/" + key))
                .orElse("");
    }

    /// @param scheme `http` or `https`
    static Optional<URI> address(GenericKubernetesResource pod, String scheme, int port) {
        return Optional.of(Look.text(pod.getAdditionalProperties(), "status", "podIP"))
                .filter(ip -> !ip.isEmpty())
                .map(ip -> ip.contains(":") ? "[" + ip + "]" : ip)
                .map(ip -> URI.create("%s://%s:%d".formatted(scheme, ip, port)));
    }

    static List<URI> addresses(List<GenericKubernetesResource> pods, String scheme, int port) {
        return pods.stream()
                .map(pod -> address(pod, scheme, port))
                .flatMap(Optional::stream)
                .toList();
    }
}
