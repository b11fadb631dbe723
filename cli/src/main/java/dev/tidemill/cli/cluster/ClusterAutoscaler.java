package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.manifests.Names;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds the HorizontalPodAutoscaler of a model or an app that Kubernetes scales: of those our
/// operator writes nothing down.
public record ClusterAutoscaler(Cluster cluster) {
    /// What KEDA calls those that it makes of our ScaledObjects.
    private static final String KEDA = "keda-hpa-";

    /// @return empty when none scales it
    public Optional<AutoscalerState> of(String name) {
        return Stream.of(Names.server(name), Names.app(name), KEDA + Names.server(name))
                .map(object ->
                        cluster.get(
                                Kinds.ref(
                                        "autoscaling/v2",
                                        "HorizontalPodAutoscaler",
                                        cluster.namespace(),
                                        object)))
                .flatMap(Optional::stream)
                .findFirst()
                .map(AutoscalerState::of);
    }
}
