package dev.tidemill.spec;

import dev.tidemill.spec.cluster.PodKeys;
import dev.tidemill.spec.cluster.ResourceKeys;
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
                    "A version in the registry (the newest, by alias, by number) or a file.");
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

    static final Key.Value<Integer> MIN =
            new Key.Value<>(
                    "min",
                    ValueTypes.whole(1, 1000),
                    Presence.otherwise("1"),
                    "Replicas that always run.");
    static final Key.Value<Integer> MAX =
            new Key.Value<>(
                    "max",
                    ValueTypes.whole(1, 1000),
                    Presence.optional("`4`, or `min` when that is more"),
                    "Replicas at most; at least `min`.");
    static final Key.Value<String> TYPE =
            new Key.Value<>(
                    "type",
                    ValueTypes.choice(List.of(Map.entry("concurrency", "concurrency"))),
                    Presence.required(),
                    "What is measured: requests in flight.");
    static final Key.Value<Double> TARGET =
            new Key.Value<>(
                    "target",
                    ValueTypes.positive(100_000),
                    Presence.required(),
                    "Per replica; `8` when `metrics` is not given.");
    static final Key.Sections METRICS =
            new Key.Sections(
                    "metrics",
                    Shape.of(TYPE, TARGET),
                    1,
                    1,
                    Presence.optional("`[{type: concurrency, target: 8}]`"),
                    "What the number of replicas follows.");
    static final Key.Value<Integer> UP_WINDOW =
            window("0", "Seconds; grow to the least that was wanted during them.");
    static final Key.Value<Integer> DOWN_WINDOW =
            window("60", "Seconds; shrink to the most that was wanted during them.");
    static final Key.Section SCALE_UP =
            new Key.Section(
                    "scaleUp",
                    Shape.of(UP_WINDOW),
                    Presence.otherwise("{}"),
                    "How the number grows.");
    static final Key.Section SCALE_DOWN =
            new Key.Section(
                    "scaleDown",
                    Shape.of(DOWN_WINDOW),
                    Presence.otherwise("{}"),
                    "How the number shrinks.");
    static final Key.Section BEHAVIOR =
            new Key.Section(
                    "behavior",
                    Shape.of(SCALE_UP, SCALE_DOWN),
                    Presence.otherwise("{}"),
                    "As in the Kubernetes HorizontalPodAutoscaler.");
    static final Key.Section SCALING =
            new Key.Section(
                    "scaling",
                    Shape.of(MIN, MAX, METRICS, BEHAVIOR),
                    Presence.otherwise("{}"),
                    "How many replicas run.");

    static final Shape SPEC =
            Shape.of(
                    SOURCE,
                    RUNTIME,
                    RESOURCES,
                    SHARES_REPLICAS_WITH,
                    SCALING,
                    PodKeys.VOLUME,
                    PodKeys.POD);

    private ModelKeys() {}

    private static Key.Value<Integer> window(String otherwise, String meaning) {
        return new Key.Value<>(
                "stabilizationWindowSeconds",
                ValueTypes.whole(0, 3600),
                Presence.otherwise(otherwise),
                meaning);
    }
}
