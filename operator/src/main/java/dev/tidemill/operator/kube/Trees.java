package dev.tidemill.operator.kube;

import dev.tidemill.operator.act.ObjectKey;
import dev.tidemill.operator.act.Observed;
import dev.tidemill.operator.act.Wanted;
import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Between the library's objects and ours.
final class Trees {
    private Trees() {}

    static Declared declared(Kinds kind, GenericKubernetesResource item) {
        ObjectMeta metadata = item.getMetadata();
        return new Declared(
                new Owner(kind.kind(), metadata.getName()),
                metadata.getUid(),
                metadata.getGeneration() == null ? 0 : metadata.getGeneration(),
                map(item.getAdditionalProperties().get("spec")));
    }

    static boolean isOurs(GenericKubernetesResource item) {
        Map<String, String> labels = item.getMetadata().getLabels();
        return labels != null && Wanted.LABEL_VALUE.equals(labels.get(Wanted.LABEL));
    }

    static Observed observed(KubernetesClient client, Kinds kind, GenericKubernetesResource item) {
        ObjectMeta metadata = item.getMetadata();
        Map<String, String> annotations =
                Optional.ofNullable(metadata.getAnnotations()).orElse(Map.of());
        return new Observed(
                new ObjectKey(kind.apiVersion(), kind.kind(), metadata.getName()),
                metadata.getResourceVersion(),
                annotations.getOrDefault(Wanted.OWNER, ""),
                annotations.getOrDefault(Wanted.DIGEST, ""),
                () -> tree(client, item));
    }

    private static Map<String, Object> tree(
            KubernetesClient client, GenericKubernetesResource item) {
        Map<String, Object> tree = new LinkedHashMap<>(item.getAdditionalProperties());
        tree.put(
                "metadata",
                client.getKubernetesSerialization()
                        .convertValue(item.getMetadata(), LinkedHashMap.class));
        return tree;
    }

    static Map<String, Object> map(@Nullable Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> found) {
            found.forEach((key, inner) -> {
                if (inner != null) {
                    map.put(String.valueOf(key), inner);
                }
            });
        }
        return map;
    }
}
