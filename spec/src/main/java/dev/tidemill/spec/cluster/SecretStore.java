package dev.tidemill.spec.cluster;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where Secrets come from that nobody makes by hand.
public sealed interface SecretStore {
    /// The External Secrets Operator, which writes Secrets.
    ///
    /// @param kind `SecretStore` or `ClusterSecretStore`
    /// @param refresh how often it looks again
    record External(String name, String kind, Duration refresh) implements SecretStore {}

    /// The Secrets Store CSI Driver, which writes Secrets as long as a pod mounts them.
    ///
    /// @param provider of the driver
    /// @param parameters of the provider, as they are
    record Csi(Provider provider, Map<String, String> parameters) implements SecretStore {
        public Csi {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    /// Those whose way of naming things we know.
    enum Provider {
        VAULT,
        AWS,
        GCP,
        AZURE
    }
}
