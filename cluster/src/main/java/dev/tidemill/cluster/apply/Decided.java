package dev.tidemill.cluster.apply;

import dev.tidemill.cluster.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What of an object people decide: not what the cluster writes down about it.
final class Decided {
    private static final List<String> THE_CLUSTERS =
            List.of(
                    "managedFields",
                    "resourceVersion",
                    "generation",
                    "uid",
                    "creationTimestamp",
                    "selfLink");
    private static final String REVISION = "deployment.kubernetes.io/revision";

    private Decided() {}

    static Map<String, Object> of(Fields object) {
        Map<String, Object> tree = new LinkedHashMap<>(object.tree());
        tree.remove("status");
        Map<String, Object> metadata = new LinkedHashMap<>(object.child("metadata").tree());
        THE_CLUSTERS.forEach(metadata::remove);
        Map<String, Object> annotations =
                new LinkedHashMap<>(object.child("metadata", "annotations").tree());
        annotations.remove(REVISION);
        if (annotations.isEmpty()) {
            metadata.remove("annotations");
        } else {
            metadata.put("annotations", annotations);
        }
        tree.put("metadata", metadata);
        return tree;
    }
}
