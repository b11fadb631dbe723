package dev.tidemill.client.control;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One scaling decision as it is written down.
///
/// @param target whose replicas
/// @param rule that decided, such as `cpu 70 %`
/// @param ordered replicas before it
/// @param wanted what the rule alone called for
/// @param limits that kept it from that, in the order in which they were met
/// @param replicas the result
/// @param reason one plain sentence
/// @param signals what was seen, by name; what is not there could not be read
/// @param figures between signals and result, such as the forecast
public record ScalingDecision(
        Instant at,
        String target,
        String policy,
        String rule,
        int ordered,
        int ready,
        int wanted,
        List<String> limits,
        int replicas,
        String reason,
        Map<String, Double> signals,
        Map<String, Double> figures) {
    public ScalingDecision {
        limits = List.copyOf(limits);
    }

    public boolean changes() {
        return replicas != ordered;
    }
}
