package dev.tidemill.spec;

import dev.tidemill.spec.cluster.PodKeys;
import dev.tidemill.spec.cluster.ResourceKeys;
import dev.tidemill.spec.scaling.ScalingKeys;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.List;
import java.util.Map;

/// The keys of a `Model`.
final class ModelKeys {
    static final Key.Value<Source> SOURCE =
            new Key.Value<>(
                    "source",
                    SourceType.TYPE,
                    Presence.required(),
                    "A version in the registry (the newest, by alias, by number), a file, or, on"
                            + " Kubernetes, an image with the model's folder in its `/models`.");
    static final Key.Value<RuntimeKind> RUNTIME =
            new Key.Value<>(
                    "runtime",
                    ValueTypes.choice(List.of(Map.entry("onnx", RuntimeKind.ONNX))),
                    Presence.otherwise("onnx"),
                    "What runs it.");

    static final Key.Section RESOURCES = ResourceKeys.withGpu("What one replica may use.");

    static final Key.Value<String> SHARES_REPLICAS_WITH =
            new Key.Value<>(
                    "sharesReplicasWith",
                    ValueTypes.name(),
                    Presence.optional("replicas of its own"),
                    "The model of this file whose replicas serve this one too; then without"
                            + " `scaling`.");

    static final Shape SPEC =
            Shape.of(
                    SOURCE,
                    RUNTIME,
                    RESOURCES,
                    SHARES_REPLICAS_WITH,
                    ScalingKeys.SCALING,
                    PodKeys.VOLUME,
                    PodKeys.POD);

    private ModelKeys() {}
}
