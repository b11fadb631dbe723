package dev.tidemill.spec.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which policy decides.
public enum PolicyKind {
    /// So many requests in flight a replica.
    CONCURRENCY,
    /// The Kubernetes HorizontalPodAutoscaler.
    HPA,
    /// Knative's pod autoscaler.
    KPA,
    /// A KEDA ScaledObject.
    KEDA,
    /// Rules with thresholds.
    RULES,
    /// The fewest replicas that keep an objective.
    OBJECTIVE;

    /// As in a file.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Every word with its kind, in order.
    public static List<Map.Entry<String, PolicyKind>> words() {
        return Arrays.stream(values()).map(kind -> Map.entry(kind.word(), kind)).toList();
    }
}
