package dev.tidemill.operator.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What the pods of a run said before they ended.
final class LastWords {
    private static final int MOST = 500;

    private LastWords() {}

    /// Of the pod that was made last among those that ended badly; empty when there is none.
    ///
    /// @param run whose the pods are, by their label
    static String of(Seen seen, String run) {
        String words =
                seen.list(Kinds.POD).stream()
                        .filter(pod -> run.equals(label(pod)))
                        .sorted(Comparator.comparing(LastWords::made).reversed())
                        .flatMap(LastWords::said)
                        .filter(text -> !text.isEmpty())
                        .findFirst()
                        .orElse("");
        return words.substring(Math.max(0, words.length() - MOST));
    }

    /// Its containers, those that ran before them, and what is said of it as a whole, such as that
    /// it took too long.
    private static Stream<String> said(GenericKubernetesResource pod) {
        Object tree = pod.getAdditionalProperties();
        return Stream.concat(
                Stream.concat(
                                Look.list(tree, "status", "containerStatuses").stream(),
                                Look.list(tree, "status", "initContainerStatuses").stream())
                        .map(one -> Look.text(one, "state", "terminated", "message").strip()),
                Stream.of(
                        Look.text(tree, "status", "phase").equals("Failed")
                                ? Look.text(tree, "status", "message").strip()
                                : ""));
    }

    private static String made(GenericKubernetesResource pod) {
        return Optional.ofNullable(pod.getMetadata().getCreationTimestamp()).orElse("");
    }

    private static String label(GenericKubernetesResource pod) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault("app.kubernetes.io/instance", "");
    }
}
