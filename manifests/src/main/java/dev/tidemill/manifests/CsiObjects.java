package dev.tidemill.manifests;

import dev.tidemill.spec.cluster.ExternalSecretRef;
import dev.tidemill.spec.cluster.ExternalSecretRef.Place;
import dev.tidemill.spec.cluster.SecretStore;
import java.util.Map;
import java.util.stream.Collectors;

/// How providers of the Secrets Store CSI Driver are told what to fetch: each by a text of YAML of
/// its own.
final class CsiObjects {
    private CsiObjects() {}

    static String provider(SecretStore.Provider provider) {
        return switch (provider) {
            case VAULT -> "vault";
            case AWS -> "aws";
            case GCP -> "gcp";
            case AZURE -> "azure";
        };
    }

    /// The parameter that names the objects.
    static Map<String, Object> of(SecretStore.Provider provider, ExternalSecretRef secret) {
        String key = provider == SecretStore.Provider.GCP ? "secrets" : "objects";
        String begin = provider == SecretStore.Provider.AZURE ? "array:\n" : "";
        return Tree.of(
                key,
                secret.data().entrySet().stream()
                        .map(entry -> object(provider, entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining("", begin, "")));
    }

    /// @param name of the entry, and of the file that the driver mounts
    private static String object(SecretStore.Provider provider, String name, Place place) {
        return switch (provider) {
            case VAULT ->
                    """
                    - objectName: "%s"
                      secretPath: "%s"
                    %s\
                    """
                            .formatted(
                                    name,
                                    place.key(),
                                    place.property().isEmpty()
                                            ? ""
                                            : "  secretKey: \"%s\"\n".formatted(place.property()));
            case AWS ->
                    place.property().isEmpty()
                            ? """
                            - objectName: "%s"
                              objectType: "secretsmanager"
                              objectAlias: "%s"
                            """
                                    .formatted(place.key(), name)
                            : """
                            - objectName: "%s"
                              objectType: "secretsmanager"
                              jmesPath:
                                - path: "%s"
                                  objectAlias: "%s"
                            """
                                    .formatted(place.key(), place.property(), name);
            case GCP ->
                    """
                    - resourceName: "%s"
                      path: "%s"
                    """
                            .formatted(place.key(), name);
            case AZURE ->
                    """
                      - |
                        objectName: "%s"
                        objectType: secret
                        objectAlias: "%s"
                    """
                            .formatted(place.key(), name);
        };
    }
}
