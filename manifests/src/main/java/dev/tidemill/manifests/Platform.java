package dev.tidemill.manifests;

import dev.tidemill.spec.App;
import dev.tidemill.spec.Environment;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Metadata;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.Place;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.cluster.ClusterImage;
import dev.tidemill.spec.cluster.ClusterState;
import dev.tidemill.spec.cluster.ControlPlane;
import dev.tidemill.spec.cluster.NamespaceRules;
import dev.tidemill.spec.cluster.NetworkRules;
import dev.tidemill.spec.cluster.ReplicaSetter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is to run on a cluster.
///
/// @param apps each with an image
/// @param environment [#ANY] when the file names none
/// @param gatewayConfig the text of the gateway's configuration file, when there is a gateway
/// @param release version of this release, which is the tag of its image
public record Platform(
        List<Model> models,
        List<App> apps,
        Optional<Gateway> gateway,
        Environment environment,
        Optional<String> gatewayConfig,
        String release) {
    /// The current namespace, nothing special.
    public static final Environment ANY =
            new Environment(
                    new Metadata("default", ""),
                    new Place("", 1),
                    Optional.empty(),
                    NamespaceRules.DEFAULT,
                    ClusterImage.DEFAULT,
                    Map.of(),
                    Map.of(),
                    Optional.empty(),
                    ReplicaSetter.HPA,
                    ControlPlane.DEFAULT,
                    NetworkRules.DEFAULT,
                    Optional.empty(),
                    Optional.empty(),
                    ClusterState.OWN,
                    List.of());

    public Platform {
        models = List.copyOf(models);
        apps = List.copyOf(apps);
        if (gateway.isPresent() != gatewayConfig.isPresent()) {
            throw new IllegalArgumentException(
                    "gatewayConfig: '%s' (expected: one exactly when there is a gateway)"
                            .formatted(gatewayConfig.isPresent() ? "given" : "missing"));
        }
    }

    /// Without apps.
    public Platform(
            List<Model> models,
            Optional<Gateway> gateway,
            Environment environment,
            Optional<String> gatewayConfig,
            String release) {
        this(models, List.of(), gateway, environment, gatewayConfig, release);
    }

    /// @param resources of one file, checked
    public static Platform of(
            List<Resource> resources,
            Environment environment,
            Optional<String> gatewayConfig,
            String release) {
        return new Platform(
                only(resources, Model.class),
                only(resources, App.class),
                only(resources, Gateway.class).stream().findFirst(),
                environment,
                gatewayConfig,
                release);
    }

    String image() {
        return environment.image().name().orElseGet(() -> "tidemill:" + release);
    }

    private static <T extends Resource> List<T> only(List<Resource> resources, Class<T> kind) {
        return resources.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
