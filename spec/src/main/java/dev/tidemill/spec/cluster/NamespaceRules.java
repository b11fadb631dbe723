package dev.tidemill.spec.cluster;

import java.util.Map;
import java.util.Optional;

/// What holds in the whole namespace.
///
/// @param podSecurity the Pod Security Standard that is enforced
/// @param quota hard limits of a ResourceQuota; none when empty
/// @param limitRange of containers
public record NamespaceRules(
        String podSecurity, Map<String, String> quota, Optional<ContainerRange> limitRange) {
    public static final NamespaceRules DEFAULT =
            new NamespaceRules("restricted", Map.of(), Optional.empty());

    /// Quantities by resource, each may be empty.
    public record ContainerRange(
            Map<String, String> defaults,
            Map<String, String> defaultRequests,
            Map<String, String> min,
            Map<String, String> max) {
        public ContainerRange {
            defaults = InOrder.copy(defaults);
            defaultRequests = InOrder.copy(defaultRequests);
            min = InOrder.copy(min);
            max = InOrder.copy(max);
        }
    }

    public NamespaceRules {
        quota = InOrder.copy(quota);
    }
}
