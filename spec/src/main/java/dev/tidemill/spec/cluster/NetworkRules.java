package dev.tidemill.spec.cluster;

import java.util.List;
import java.util.Optional;

/// Who may talk to whom, and how.
///
/// @param enabled whether NetworkPolicies are made at all
/// @param gatewayFrom namespaces whose pods may call the gateway; every address when empty
/// @param metricsFrom namespaces whose pods may read metrics
/// @param mtls plain text between our pods when empty
public record NetworkRules(
        boolean enabled,
        List<String> gatewayFrom,
        List<String> metricsFrom,
        Optional<MutualTls> mtls) {
    public static final NetworkRules DEFAULT =
            new NetworkRules(true, List.of(), List.of(), Optional.empty());

    public NetworkRules {
        gatewayFrom = List.copyOf(gatewayFrom);
        metricsFrom = List.copyOf(metricsFrom);
    }
}
