package dev.tidemill.spec.cluster;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what an `Environment` says of its cluster.
public final class ClusterReader {
    /// Its keys.
    public static final Shape SHAPE =
            Shape.of(
                    EnvironmentKeys.NAMESPACE,
                    EnvironmentKeys.POD_SECURITY,
                    EnvironmentKeys.IMAGE,
                    EnvironmentKeys.LABELS,
                    EnvironmentKeys.ANNOTATIONS,
                    EnvironmentKeys.STORAGE_CLASS,
                    EnvironmentKeys.SCALING,
                    EnvironmentKeys.CONTROL,
                    EnvironmentKeys.NETWORK,
                    MutualTlsKeys.MTLS,
                    EnvironmentKeys.MONITOR,
                    EnvironmentKeys.QUOTA,
                    EnvironmentKeys.LIMIT_RANGE,
                    EnvironmentKeys.PRIORITY,
                    StateKeys.DATABASE,
                    StateKeys.REDIS,
                    StateKeys.OBJECT_STORE,
                    StateKeys.VECTOR_STORE,
                    ExternalSecretKeys.STORE,
                    ExternalSecretKeys.SECRETS);

    private final MappingCursor spec;

    public ClusterReader(MappingCursor spec) {
        this.spec = spec;
    }

    public Optional<String> namespace() {
        return spec.find(EnvironmentKeys.NAMESPACE);
    }

    public Optional<String> storageClassName() {
        return spec.find(EnvironmentKeys.STORAGE_CLASS);
    }

    public ReplicaSetter scaling() {
        return spec.get(EnvironmentKeys.SCALING);
    }

    public Optional<Integer> priority() {
        return spec.find(EnvironmentKeys.PRIORITY);
    }

    public Map<String, String> labels() {
        return spec.pairs(EnvironmentKeys.LABELS);
    }

    public Map<String, String> annotations() {
        return spec.pairs(EnvironmentKeys.ANNOTATIONS);
    }

    public ClusterImage image() {
        MappingCursor image = spec.child(EnvironmentKeys.IMAGE);
        return new ClusterImage(
                image.find(EnvironmentKeys.IMAGE_NAME),
                image.get(EnvironmentKeys.PULL_POLICY),
                values(image, EnvironmentKeys.PULL_SECRETS),
                image.get(EnvironmentKeys.MODEL_IMAGES));
    }

    public ControlPlane control() {
        MappingCursor control = spec.child(EnvironmentKeys.CONTROL);
        return new ControlPlane(
                control.get(EnvironmentKeys.STORAGE),
                ResourceKeys.read(control.child(EnvironmentKeys.CONTROL_RESOURCES)),
                PodKeys.read(control));
    }

    public NetworkRules network() {
        MappingCursor network = spec.child(EnvironmentKeys.NETWORK);
        return new NetworkRules(
                network.get(EnvironmentKeys.ENABLED),
                values(network, EnvironmentKeys.GATEWAY_FROM),
                values(network, EnvironmentKeys.METRICS_FROM),
                MutualTlsKeys.read(spec));
    }

    public Optional<ServiceMonitoring> monitoring() {
        MappingCursor monitor = spec.child(EnvironmentKeys.MONITOR);
        return spec.has(EnvironmentKeys.MONITOR)
                ? Optional.of(
                        new ServiceMonitoring(
                                monitor.get(EnvironmentKeys.INTERVAL),
                                monitor.pairs(EnvironmentKeys.MONITOR_LABELS)))
                : Optional.empty();
    }

    public ClusterState state() {
        return StateReader.read(spec);
    }

    public NamespaceRules rules() {
        return new NamespaceRules(
                spec.get(EnvironmentKeys.POD_SECURITY),
                spec.pairs(EnvironmentKeys.QUOTA),
                limitRange());
    }

    private Optional<NamespaceRules.ContainerRange> limitRange() {
        MappingCursor range = spec.child(EnvironmentKeys.LIMIT_RANGE);
        return spec.has(EnvironmentKeys.LIMIT_RANGE)
                ? Optional.of(
                        new NamespaceRules.ContainerRange(
                                range.pairs(EnvironmentKeys.DEFAULTS),
                                range.pairs(EnvironmentKeys.DEFAULT_REQUESTS),
                                range.pairs(EnvironmentKeys.MIN),
                                range.pairs(EnvironmentKeys.MAX)))
                : Optional.empty();
    }

    private static List<String> values(MappingCursor cursor, Key.Values<String> key) {
        return cursor.items(key).stream().map(Located::value).toList();
    }
}
