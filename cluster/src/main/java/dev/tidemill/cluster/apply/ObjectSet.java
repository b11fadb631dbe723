package dev.tidemill.cluster.apply;

import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Objects that belong together, in the order in which they are applied, each in its namespace.
///
/// @param namespace of those that name none
public record ObjectSet(String namespace, List<Map<String, Object>> trees) {
    public ObjectSet {
        List<Map<String, Object>> placed = new ArrayList<>();
        for (Map<String, Object> tree : trees) {
            placed.add(placed(tree, namespace));
        }
        trees = List.copyOf(placed);
    }

    public ObjectRef ref(Map<String, Object> tree) {
        Fields fields = new Fields(tree);
        String own = fields.text("metadata", "namespace");
        return Kinds.ref(
                fields.text("apiVersion"),
                fields.text("kind"),
                own.isEmpty() ? namespace : own,
                fields.name());
    }

    public Set<ObjectRef> refs() {
        return trees.stream().map(this::ref).collect(Collectors.toSet());
    }

    private static Map<String, Object> placed(Map<String, Object> tree, String namespace) {
        Fields fields = new Fields(tree);
        if (!Kinds.isNamespaced(fields.text("kind"))
                || !fields.text("metadata", "namespace").isEmpty()) {
            return tree;
        }
        Map<String, Object> metadata = new LinkedHashMap<>(fields.child("metadata").tree());
        metadata.put("namespace", namespace);
        Map<String, Object> placed = new LinkedHashMap<>(tree);
        placed.put("metadata", metadata);
        return placed;
    }
}
