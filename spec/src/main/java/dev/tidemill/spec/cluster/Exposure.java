package dev.tidemill.spec.cluster;

import dev.tidemill.spec.ModelResources;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a gateway runs on a cluster and is reached from outside.
///
/// @param replicas as many as always run
public record Exposure(
        int replicas,
        ModelResources resources,
        ServiceType service,
        Optional<Ingress> ingress,
        Optional<HttpRoute> httpRoute,
        PodSettings pod) {
    /// What a gateway has when its file says nothing.
    public static final Exposure NONE =
            new Exposure(
                    2,
                    ModelResources.NONE,
                    new ServiceType("ClusterIP", Map.of()),
                    Optional.empty(),
                    Optional.empty(),
                    PodSettings.NONE);

    /// @param type of the Service, such as `LoadBalancer`
    public record ServiceType(String type, Map<String, String> annotations) {
        public ServiceType {
            annotations = InOrder.copy(annotations);
        }
    }

    /// @param tlsSecretName of the certificate; none when empty
    public record Ingress(
            String host,
            Optional<String> className,
            Optional<String> tlsSecretName,
            Map<String, String> annotations) {
        public Ingress {
            annotations = InOrder.copy(annotations);
        }
    }

    /// @param hostnames every one when empty
    public record HttpRoute(List<String> hostnames, List<Parent> parents) {
        public HttpRoute {
            hostnames = List.copyOf(hostnames);
            parents = List.copyOf(parents);
        }
    }

    /// A Gateway of the Gateway API.
    public record Parent(String name, Optional<String> namespace, Optional<String> sectionName) {}
}
