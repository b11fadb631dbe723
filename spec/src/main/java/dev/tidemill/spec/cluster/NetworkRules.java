package dev.tidemill.spec.cluster;

import java.util.List;

/// Who may talk to whom.
///
/// @param enabled whether NetworkPolicies are made at all
/// @param gatewayFrom namespaces whose pods may call the gateway; every address when empty
/// @param metricsFrom namespaces whose pods may read metrics
public record NetworkRules(boolean enabled, List<String> gatewayFrom, List<String> metricsFrom) {
    public static final NetworkRules DEFAULT = new NetworkRules(true, List.of(), List.of());

    public NetworkRules {
        gatewayFrom = List.copyOf(gatewayFrom);
        metricsFrom = List.copyOf(metricsFrom);
    }
}
