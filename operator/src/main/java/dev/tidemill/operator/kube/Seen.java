package dev.tidemill.operator.kube;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.operator.plan.Owner;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the watches showed of a namespace at one moment: all of one look is made of it.
///
/// @param items by kind, an empty list where there are none; a kind that is missing is one that the
///   cluster does not know
record Seen(Map<Kinds, List<GenericKubernetesResource>> items) {
    Seen {
        items = Map.copyOf(items);
    }

    List<GenericKubernetesResource> list(Kinds kind) {
        return items.getOrDefault(kind, List.of());
    }

    /// Of what people wrote, as it was read.
    Map<Owner, Map<String, Object>> statuses() {
        Map<Owner, Map<String, Object>> all = new LinkedHashMap<>();
        for (Kinds kind : Kinds.DECLARED) {
            for (GenericKubernetesResource item : list(kind)) {
                all.put(
                        new Owner(kind.kind(), item.getMetadata().getName()),
                        Trees.map(item.getAdditionalProperties().get("status")));
            }
        }
        return all;
    }

    boolean knows(KubeObject object) {
        return items.keySet().stream()
                .anyMatch(kind ->
                        kind.kind().equals(object.kind())
                                && kind.apiVersion().equals(object.apiVersion()));
    }
}
