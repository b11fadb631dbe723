package dev.tidemill.spec;

import dev.tidemill.spec.cluster.ModelVolume;
import dev.tidemill.spec.cluster.PodSettings;
import dev.tidemill.spec.scaling.Scaling;
import java.util.Optional;

/// Serves a model on replicas.
///
/// @param sharesReplicasWith name of the model in the same file whose replicas also serve this one;
///   the `scaling` and `resources` that count are then that model's
/// @param volume what servers on a cluster read instead of the registry
/// @param pod how servers run on a cluster
public record Model(
        Metadata metadata,
        Place place,
        Source source,
        RuntimeKind runtime,
        ModelResources resources,
        Optional<String> sharesReplicasWith,
        Scaling scaling,
        Optional<ModelVolume> volume,
        PodSettings pod)
        implements Resource {}
