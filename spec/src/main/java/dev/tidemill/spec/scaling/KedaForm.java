package dev.tidemill.spec.scaling;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A trigger of `keda` as a ScaledObject has it.
///
/// @param type of KEDA's
/// @param metricType `AverageValue`, `Value` or `Utilization`
/// @param metadata without what says where the operator is
/// @param authentication name of a TriggerAuthentication
public record KedaForm(
        String type,
        String name,
        String metricType,
        Map<String, String> metadata,
        Optional<String> authentication) {
    private static final String OURS = "external-push";

    public KedaForm {
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /// One that the operator answers.
    ///
    /// @param each whether the target is one replica's
    public static KedaForm ours(
            String name, String metric, String target, String activation, boolean each) {
        return new KedaForm(
                OURS,
                name,
                each ? "AverageValue" : "Value",
                Map.of("metric", metric, "target", target, "activation", activation),
                Optional.empty());
    }

    public boolean isOurs() {
        return type.equals(OURS);
    }
}
