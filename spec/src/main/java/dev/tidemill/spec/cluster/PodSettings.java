package dev.tidemill.spec.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where pods may run and what they carry, in Kubernetes' words.
///
/// @param priorityClassName one that the cluster has
/// @param runtimeClassName such as `nvidia`
public record PodSettings(
        Map<String, String> nodeSelector,
        List<Toleration> tolerations,
        Optional<String> priorityClassName,
        Optional<String> runtimeClassName,
        Map<String, String> labels,
        Map<String, String> annotations) {
    public static final PodSettings NONE =
            new PodSettings(
                    Map.of(), List.of(), Optional.empty(), Optional.empty(), Map.of(), Map.of());

    public PodSettings {
        nodeSelector = InOrder.copy(nodeSelector);
        tolerations = List.copyOf(tolerations);
        labels = InOrder.copy(labels);
        annotations = InOrder.copy(annotations);
    }
}
