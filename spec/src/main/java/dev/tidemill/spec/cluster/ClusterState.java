package dev.tidemill.spec.cluster;

import java.util.List;
import java.util.Optional;

/// Where an environment keeps what must outlive its pods.
///
/// @param database of the registry; one of control's own, on its volume, when empty
/// @param objectStore of artifacts; control's volume when empty
/// @param vectorStore that apps are told of
/// @param secretStore where the content of `externalSecrets` is
/// @param redis that gateways have their limits in together; each counts for itself when empty
public record ClusterState(
        Optional<ClusterDatabase> database,
        Optional<ClusterRedis> redis,
        Optional<ClusterObjectStore> objectStore,
        Optional<VectorStore> vectorStore,
        Optional<SecretStore> secretStore,
        List<ExternalSecretRef> externalSecrets) {
    public static final ClusterState OWN =
            new ClusterState(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());

    public ClusterState {
        externalSecrets = List.copyOf(externalSecrets);
    }
}
