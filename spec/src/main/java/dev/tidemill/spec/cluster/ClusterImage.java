package dev.tidemill.spec.cluster;

import java.util.List;
import java.util.Optional;

/// Where a cluster gets our image.
///
/// @param name with its registry and tag or digest; the release's own when empty
/// @param pullPolicy as Kubernetes says it
/// @param pullSecrets names of Secrets
/// @param models how pods get at models that come in images
public record ClusterImage(
        Optional<String> name,
        String pullPolicy,
        List<String> pullSecrets,
        ModelImageMount models) {
    public static final ClusterImage DEFAULT =
            new ClusterImage(Optional.empty(), "IfNotPresent", List.of(), ModelImageMount.VOLUME);

    public ClusterImage {
        pullSecrets = List.copyOf(pullSecrets);
    }
}
