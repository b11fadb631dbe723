package dev.tidemill.cluster;

import java.nio.file.Path;
import java.util.Optional;

/// Which cluster and which of its namespaces are meant; what is left open is taken from
/// `KUBECONFIG` or `~/.kube/config`, or from the pod that this runs in.
public record ClusterTarget(
        Optional<Path> kubeconfig, Optional<String> context, Optional<String> namespace) {
    public static final ClusterTarget CURRENT =
            new ClusterTarget(Optional.empty(), Optional.empty(), Optional.empty());

    public ClusterTarget in(Optional<String> other) {
        return new ClusterTarget(kubeconfig, context, other.or(() -> namespace));
    }
}
