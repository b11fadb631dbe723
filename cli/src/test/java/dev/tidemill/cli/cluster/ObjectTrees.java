package dev.tidemill.cli.cluster;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Objects of Kubernetes as text has them.
final class ObjectTrees {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /// Of a pod's, in what KServe puts its own keys beside.
    private static final Set<String> OF_A_POD =
            Set.of("containers", "volumes", "imagePullSecrets", "nodeSelector", "tolerations");

    private ObjectTrees() {}

    @SuppressWarnings("unchecked") // YAML's keys are texts here
    static List<Map<String, Object>> read(String documents) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (String document : documents.split("(?m)^---$")) {
            if (YAML.unmarshal(document, Object.class) instanceof Map<?, ?> tree) {
                all.add((Map<String, Object>) tree);
            }
        }
        return all;
    }

    static String name(Map<String, Object> tree) {
        return String.valueOf(map(tree.get("metadata")).get("name"));
    }

    static String kind(Map<String, Object> tree) {
        return String.valueOf(tree.get("kind"));
    }

    /// `VERSION KIND`
    static String type(Map<String, Object> tree) {
        return tree.get("apiVersion") + " " + kind(tree);
    }

    static String id(Map<String, Object> tree) {
        return kind(tree) + "/" + name(tree);
    }

    /// The same in another namespace.
    ///
    /// @param namespace empty for none
    static Map<String, Object> in(Map<String, Object> tree, String namespace) {
        Map<String, Object> metadata = map(tree.get("metadata"));
        metadata.remove("namespace");
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return with(tree, "metadata", metadata);
    }

    static Map<String, Object> with(Map<String, Object> tree, String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(tree);
        changed.put(key, value);
        return changed;
    }

    /// The pods that an object has others make, with the volumes that they are given.
    static List<Map<String, Object>> pods(Map<String, Object> tree) {
        Map<String, Object> spec = map(tree.get("spec"));
        if (spec.get("jobTemplate") instanceof Map<?, ?> job) {
            return pods(with(tree, "spec", map(job.get("spec"))));
        }
        if (spec.get("template") instanceof Map<?, ?> template) {
            Map<String, Object> own = map(template.get("spec"));
            own.put("volumes", volumes(own.get("volumes"), spec.get("volumeClaimTemplates")));
            return List.of(pod(tree, map(template.get("metadata")), own));
        }
        if (spec.get("containers") instanceof List<?>) {
            Map<String, Object> own = new LinkedHashMap<>(spec);
            own.keySet().retainAll(OF_A_POD);
            return List.of(pod(tree, new LinkedHashMap<>(), own));
        }
        return List.of();
    }

    private static List<Object> volumes(Object given, Object claimed) {
        List<Object> all = new ArrayList<>();
        if (given instanceof List<?> volumes) {
            all.addAll(volumes);
        }
        if (claimed instanceof List<?> claims) {
            for (Object claim : claims) {
                String name = name(map(claim));
                all.add(Map.of("name", name, "persistentVolumeClaim", Map.of("claimName", name)));
            }
        }
        return all;
    }

    private static Map<String, Object> pod(
            Map<String, Object> of, Map<String, Object> metadata, Map<String, Object> spec) {
        metadata.put("name", name(of));
        Map<String, Object> pod = new LinkedHashMap<>();
        pod.put("apiVersion", "v1");
        pod.put("kind", "Pod");
        pod.put("metadata", metadata);
        pod.put("spec", spec);
        return pod;
    }

    /// A copy; empty for what is no mapping.
    static Map<String, Object> map(Object value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> copy.put(String.valueOf(key), inner));
        }
        return copy;
    }
}
