package dev.tidemill.spec.cluster;

import java.util.Optional;

/// Where an environment keeps what must outlive its pods.
///
/// @param database of the registry; one of control's own, on its volume, when empty
/// @param objectStore of artifacts; control's volume when empty
/// @param redis that gateways have their limits in together; each counts for itself when empty
public record ClusterState(
        Optional<ClusterDatabase> database,
        Optional<ClusterRedis> redis,
        Optional<ClusterObjectStore> objectStore) {
    public static final ClusterState OWN =
            new ClusterState(Optional.empty(), Optional.empty(), Optional.empty());
}
