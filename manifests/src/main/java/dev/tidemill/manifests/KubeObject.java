package dev.tidemill.manifests;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One Kubernetes object: the tree of its fields, in the order in which they are written. Values
/// are maps, lists, strings, numbers and booleans.
public record KubeObject(Map<String, Object> fields) {
    public KubeObject {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public String apiVersion() {
        return String.valueOf(fields.get("apiVersion"));
    }

    public String kind() {
        return String.valueOf(fields.get("kind"));
    }

    public String name() {
        return metadata("name").orElseThrow();
    }

    /// Empty for objects of the whole cluster, and where the current namespace is meant.
    public Optional<String> namespace() {
        return metadata("namespace");
    }

    /// The same for that namespace, where it is one whose content has to say it: accounts that a
    /// RoleBinding names without a namespace are of its own.
    public KubeObject within(String namespace) {
        if (!kind().equals("RoleBinding")) {
            return this;
        }
        List<Map<String, Object>> subjects =
                fields.get("subjects") instanceof List<?> given
                        ? given.stream()
                                .map(one ->
                                        Tree.with(Tree.of("namespace", namespace), Tree.map(one)))
                                .toList()
                        : List.of();
        return new KubeObject(Tree.with(fields, Tree.of("subjects", subjects)));
    }

    /// `kind/name` in small letters, as `kubectl` says it.
    public String id() {
        return kind().toLowerCase(Locale.ROOT) + "/" + name();
    }

    public Optional<String> label(String key) {
        return fields.get("metadata") instanceof Map<?, ?> metadata
                        && metadata.get("labels") instanceof Map<?, ?> labels
                ? Optional.ofNullable(labels.get(key)).map(String::valueOf)
                : Optional.empty();
    }

    private Optional<String> metadata(String key) {
        return fields.get("metadata") instanceof Map<?, ?> metadata
                ? Optional.ofNullable(metadata.get(key)).map(String::valueOf)
                : Optional.empty();
    }
}
