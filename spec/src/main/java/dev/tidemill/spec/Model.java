package dev.tidemill.spec;

import dev.tidemill.spec.scaling.Scaling;
import java.util.Optional;

/// Serves a model on replicas.
///
/// @param sharesReplicasWith name of the model in the same file whose replicas also serve this one;
///   the `scaling` and `resources` that count are then that model's
public record Model(
        Metadata metadata,
        Place place,
        Source source,
        RuntimeKind runtime,
        ModelResources resources,
        Optional<String> sharesReplicasWith,
        Scaling scaling)
        implements Resource {}
