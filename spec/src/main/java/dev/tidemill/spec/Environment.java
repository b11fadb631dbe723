package dev.tidemill.spec;

import dev.tidemill.spec.cluster.ClusterImage;
import dev.tidemill.spec.cluster.ClusterState;
import dev.tidemill.spec.cluster.ControlPlane;
import dev.tidemill.spec.cluster.NamespaceRules;
import dev.tidemill.spec.cluster.NetworkRules;
import dev.tidemill.spec.cluster.ReplicaSetter;
import dev.tidemill.spec.cluster.ServiceMonitoring;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A cluster that the other documents of the file are applied to, and what is different there.
///
/// @param namespace whichever is current where it is empty
/// @param labels of every object
/// @param storageClassName the cluster's default when empty
/// @param scaling who sets the number of replicas
/// @param monitoring no ServiceMonitor when empty
/// @param priority of all pods: the value of a PriorityClass that is made for them
/// @param state where what must outlive pods is kept
/// @param patches which documents of the file it changes; they are changed before they are read
public record Environment(
        Metadata metadata,
        Place place,
        Optional<String> namespace,
        NamespaceRules rules,
        ClusterImage image,
        Map<String, String> labels,
        Map<String, String> annotations,
        Optional<String> storageClassName,
        ReplicaSetter scaling,
        ControlPlane control,
        NetworkRules network,
        Optional<ServiceMonitoring> monitoring,
        Optional<Integer> priority,
        ClusterState state,
        List<Patched> patches)
        implements Resource {
    /// A document of the file that is different in this environment.
    public record Patched(String kind, String name) {}

    public Environment {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
        patches = List.copyOf(patches);
    }
}
