package dev.tidemill.operator.metricsapi;

import dev.tidemill.manifests.AutoscalerMetrics;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.OperatorApis;
import dev.tidemill.operator.scale.PoolReading;
import dev.tidemill.operator.scale.Readings;
import dev.tidemill.spec.cluster.ReplicaSetter;
import dev.tidemill.spec.scaling.KubeMetric;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Registers the APIs at the API server while an autoscaler of ours goes by them, and takes them
/// off again when none does. A registration of another is left alone: two writers would only
/// replace one another, and one of them would be silent.
final class ApiRegistration {
    private static final System.Logger LOG = System.getLogger(ApiRegistration.class.getName());

    private final Cluster cluster;
    private final String namespace;
    private final String address;

    /// At first all of them: the one that led before may have left some.
    private final Set<MetricsGroup> registered = EnumSet.allOf(MetricsGroup.class);

    /// @param namespace of the operator
    /// @param address of its pod
    ApiRegistration(Cluster cluster, String namespace, String address) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.address = address;
    }

    /// What is asked of the API server.
    interface Cluster {
        /// An APIService's fields; empty when there is none.
        Optional<Map<String, Object>> apiService(String name);

        /// Of the operator's ClusterRole.
        Optional<String> ownerUid();

        /// Of the ConfigMap that says by which certificates the API server is known.
        Map<String, String> authentication();

        void apply(KubeObject object);

        void deleteApiService(String name);
    }

    /// Whether anybody asks, be it KEDA.
    static boolean isAsked(Readings readings) {
        return readings.all().stream().anyMatch(pool -> pool.by() != ReplicaSetter.TIDEMILL);
    }

    /// Which of them an autoscaler of ours goes by.
    static Set<MetricsGroup> wanted(Readings readings) {
        Set<MetricsGroup> wanted = EnumSet.noneOf(MetricsGroup.class);
        for (PoolReading pool : readings.all()) {
            if (pool.by() == ReplicaSetter.HPA) {
                for (KubeMetric metric : AutoscalerMetrics.asked(pool.pool().scaling())) {
                    if (metric.isCustom()) {
                        wanted.add(MetricsGroup.CUSTOM);
                    } else if (metric.source() == KubeMetric.Source.EXTERNAL) {
                        wanted.add(MetricsGroup.EXTERNAL);
                    }
                }
            }
        }
        return wanted;
    }

    /// Whether there may be one to take off.
    boolean isAny() {
        return !registered.isEmpty();
    }

    /// Puts right what is not.
    ///
    /// @param pem of the certificate that the listener shows
    /// @return who else answers, in a sentence; empty when nobody does
    Optional<String> look(Set<MetricsGroup> wanted, String pem) {
        cluster.apply(OperatorApis.endpoint(namespace, address));
        Optional<String> other = Optional.empty();
        for (MetricsGroup group : MetricsGroup.values()) {
            if (wanted.contains(group)) {
                Optional<String> who = register(group, pem);
                other = other.isPresent() ? other : who;
            } else if (registered.contains(group)) {
                takeOff(group);
            }
        }
        return other;
    }

    private Optional<String> register(MetricsGroup group, String pem) {
        Optional<Map<String, Object>> there = cluster.apiService(group.service());
        if (there.isPresent() && !isOurs(there.get())) {
            registered.remove(group);
            return Optional.of("%s is served by %s".formatted(group.group(), server(there.get())));
        }
        KubeObject wanted =
                OperatorApis.apiService(
                        group.group(), group.version(), namespace, pem, cluster.ownerUid());
        if (there.isEmpty() || !says(there.get(), wanted)) {
            LOG.log(System.Logger.Level.INFO, "{0} is served from here", group.group());
            cluster.apply(wanted);
        }
        registered.add(group);
        return Optional.empty();
    }

    private void takeOff(MetricsGroup group) {
        if (cluster.apiService(group.service()).filter(ApiRegistration::isOurs).isPresent()) {
            LOG.log(System.Logger.Level.INFO, "{0} is served no more", group.group());
            cluster.deleteApiService(group.service());
        }
        registered.remove(group);
    }

    private static boolean isOurs(Map<String, Object> service) {
        return "operator".equals(at(service, "metadata", "labels", "tidemill.dev/by"));
    }

    private static boolean says(Map<String, Object> there, KubeObject wanted) {
        return List.of(List.of("spec", "caBundle"), List.of("spec", "service", "namespace"))
                .stream()
                .map(path -> path.toArray(String[]::new))
                .allMatch(path ->
                        String.valueOf(at(there, path))
                                .equals(String.valueOf(at(wanted.fields(), path))));
    }

    private static String server(Map<String, Object> service) {
        Object name = at(service, "spec", "service", "name");
        return name == null
                ? "the API server itself"
                : "%s/%s".formatted(at(service, "spec", "service", "namespace"), name);
    }

    private static @Nullable Object at(Map<String, Object> tree, String... path) {
        Object here = tree;
        for (String key : path) {
            here = here instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return here;
    }
}
