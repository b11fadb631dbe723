package dev.tidemill.operator.act;

import dev.tidemill.common.Digest;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.yaml.YamlWriter;
import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An object as it is to be applied: ours by a label, its owner's by a reference, and with the
/// digest of what was wanted, by which a later look tells a new wish from somebody else's change.
///
/// @param digest of the tree without itself
public record Wanted(ObjectKey key, Owner owner, Map<String, Object> tree, String digest) {
    /// On all objects that are the operator's, and on none that `tidemill apply` made.
    public static final String LABEL = "tidemill.dev/by";

    public static final String LABEL_VALUE = "operator";
    public static final String OWNER = "tidemill.dev/owner";
    public static final String DIGEST = "tidemill.dev/wanted";
    private static final int HEX = 16;

    /// @param by the resource it is made for; empty for the namespace's
    public static Wanted of(
            String namespace, Owner owner, Optional<Declared> by, KubeObject object) {
        Map<String, Object> tree = new LinkedHashMap<>(object.within(namespace).fields());
        Map<String, Object> metadata = child(tree, "metadata");
        if (!object.kind().equals("PriorityClass")) {
            metadata.put("namespace", namespace);
            if (!object.kind().equals("PersistentVolumeClaim")) {
                // What is on a volume outlives what it was made for.
                by.ifPresent(one -> metadata.put("ownerReferences", List.of(reference(one))));
            }
        }
        Map<String, Object> labels = child(metadata, "labels");
        labels.put(LABEL, LABEL_VALUE);
        metadata.put("labels", labels);
        Map<String, Object> annotations = child(metadata, "annotations");
        annotations.put(OWNER, owner.toString());
        metadata.put("annotations", annotations);
        tree.put("metadata", metadata);
        String digest = digest(tree);
        annotations.put(DIGEST, digest);
        return new Wanted(ObjectKey.of(object), owner, tree, digest);
    }

    private static Map<String, Object> reference(Declared by) {
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("apiVersion", "tidemill.dev/v1alpha1");
        reference.put("kind", by.owner().kind());
        reference.put("name", by.owner().name());
        reference.put("uid", by.uid());
        reference.put("controller", true);
        reference.put("blockOwnerDeletion", false);
        return reference;
    }

    private static String digest(Map<String, Object> tree) {
        return Digest.of(YamlWriter.write(tree).getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, HEX);
    }

    private static Map<String, Object> child(Map<String, Object> tree, String key) {
        Map<String, Object> child = new LinkedHashMap<>();
        if (tree.get(key) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> child.put(String.valueOf(name), value));
        }
        return child;
    }
}
