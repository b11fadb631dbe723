package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the documents may say, for whoever describes it elsewhere: a cluster's API, an editor.
///
/// @param kind such as `Model`
/// @param spec the keys under `spec`
public record ResourceKind(String kind, Shape spec) {
    public static final String GROUP = "tidemill.dev";
    public static final String VERSION = "v1alpha1";

    /// All kinds, in the order of the reference.
    public static List<ResourceKind> all() {
        return Arrays.stream(Kind.values())
                .map(kind -> new ResourceKind(kind.text(), complete(kind)))
                .toList();
    }

    /// Those of all trainers where they depend on one.
    private static Shape complete(Kind kind) {
        if (kind != Kind.TRAINING) {
            return kind.spec();
        }
        Map<String, Key> parameters = new LinkedHashMap<>();
        for (Trainer trainer : Trainer.values()) {
            TrainingKeys.parameterShape(trainer)
                    .keys()
                    .forEach(key -> parameters.putIfAbsent(key.name(), optional(key)));
        }
        List<Key> keys = new ArrayList<>();
        for (Key key : kind.spec().keys()) {
            keys.add(
                    key.name().equals(TrainingKeys.PARAMETERS.name())
                            ? TrainingKeys.PARAMETERS.with(
                                    new Shape(List.copyOf(parameters.values())))
                            : key);
        }
        return new Shape(keys);
    }

    /// What one trainer wants, another does not know.
    private static Key optional(Key key) {
        return key instanceof Key.Value<?> value ? optional(value) : key;
    }

    private static <T> Key optional(Key.Value<T> key) {
        return new Key.Value<>(key.name(), key.type(), Presence.optional(), key.meaning());
    }
}
