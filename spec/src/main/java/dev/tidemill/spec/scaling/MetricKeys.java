package dev.tidemill.spec.scaling;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The keys of `metrics`: those of a HorizontalPodAutoscaler, and a short form of ours.
final class MetricKeys {
    /// What a `type` means.
    sealed interface Type {
        /// The short form: the measure itself.
        record Ours(Measure measure) implements Type {}

        /// Kubernetes' own.
        enum Kubernetes implements Type {
            RESOURCE,
            CONTAINER_RESOURCE,
            PODS,
            OBJECT,
            EXTERNAL
        }
    }

    static final Key.Value<Type> TYPE =
            new Key.Value<>(
                    "type",
                    ValueTypes.choice(types()),
                    Presence.required(),
                    "What is measured, with its `target`; or a type of Kubernetes' metrics.");
    static final Key.Value<Amount> TARGET =
            new Key.Value<>(
                    "target",
                    Amount.type(),
                    Presence.optional("required, but for Kubernetes' types"),
                    "A number a replica, a share, or for `p99` a duration.");

    static final Key.Value<String> TARGET_TYPE =
            new Key.Value<>(
                    "type",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("Utilization", "Utilization"),
                                    Map.entry("AverageValue", "AverageValue"),
                                    Map.entry("Value", "Value"))),
                    Presence.required(),
                    "Which of the following is given.");
    static final Key.Value<Integer> UTILIZATION =
            new Key.Value<>(
                    "averageUtilization",
                    ValueTypes.whole(1, 100_000),
                    Presence.optional("none"),
                    "Percent of what a replica may use; of resources.");
    static final Key.Value<Double> AVERAGE_VALUE =
            new Key.Value<>(
                    "averageValue",
                    Amount.quantity(),
                    Presence.optional("none"),
                    "So many a replica.");
    static final Key.Value<Double> VALUE =
            new Key.Value<>(
                    "value",
                    Amount.quantity(),
                    Presence.optional("none"),
                    "One number for all; of objects and external metrics.");
    static final Key.Section KUBERNETES_TARGET =
            new Key.Section(
                    "target",
                    Shape.of(TARGET_TYPE, UTILIZATION, AVERAGE_VALUE, VALUE),
                    Presence.required(),
                    "Where it should be.");

    static final Key.Value<String> RESOURCE_NAME =
            new Key.Value<>(
                    "name",
                    ValueTypes.choice(
                            List.of(Map.entry("cpu", "cpu"), Map.entry("memory", "memory"))),
                    Presence.required(),
                    "The resource.");
    static final Key.Section RESOURCE =
            new Key.Section(
                    "resource",
                    Shape.of(RESOURCE_NAME, KUBERNETES_TARGET),
                    Presence.optional("required for `Resource`"),
                    "A resource that each replica uses.");
    static final Key.Value<String> CONTAINER =
            new Key.Value<>(
                    "container",
                    ValueTypes.text("a container's name", 63),
                    Presence.required(),
                    "Which container; on one machine a replica is one.");
    static final Key.Section CONTAINER_RESOURCE =
            new Key.Section(
                    "containerResource",
                    Shape.of(RESOURCE_NAME, CONTAINER, KUBERNETES_TARGET),
                    Presence.optional("required for `ContainerResource`"),
                    "A resource that one container of each replica uses.");

    static final Key.Value<String> METRIC_NAME =
            new Key.Value<>(
                    "name",
                    ScalingTypes.metricName(),
                    Presence.required(),
                    "One of `sources`, or one that is measured here: "
                            + String.join(", ", Measure.metricNames())
                            + ".");
    static final Key.Labels MATCH_LABELS =
            new Key.Labels(
                    "matchLabels",
                    20,
                    "Labels of the metric; they are added to the `query` of a source that has none"
                            + " of its own.");
    static final Key.Section SELECTOR =
            new Key.Section(
                    "selector",
                    Shape.of(MATCH_LABELS),
                    Presence.optional("all of them"),
                    "Which of the metric's series.");
    static final Key.Section METRIC =
            new Key.Section(
                    "metric",
                    Shape.of(METRIC_NAME, SELECTOR),
                    Presence.required(),
                    "Which metric.");
    static final Key.Section PODS =
            new Key.Section(
                    "pods",
                    Shape.of(METRIC, KUBERNETES_TARGET),
                    Presence.optional("required for `Pods`"),
                    "A metric that each replica has.");
    static final Key.Value<String> OBJECT_VERSION = object("apiVersion");
    static final Key.Value<String> OBJECT_KIND = object("kind");
    static final Key.Value<String> OBJECT_NAME = object("name");
    static final Key.Section DESCRIBED =
            new Key.Section(
                    "describedObject",
                    Shape.of(OBJECT_VERSION, OBJECT_KIND, OBJECT_NAME),
                    Presence.optional("this model"),
                    "What the metric is about; on one machine it is this model.");
    static final Key.Section OBJECT =
            new Key.Section(
                    "object",
                    Shape.of(METRIC, DESCRIBED, KUBERNETES_TARGET),
                    Presence.optional("required for `Object`"),
                    "A metric of one object.");
    static final Key.Section EXTERNAL =
            new Key.Section(
                    "external",
                    Shape.of(METRIC, KUBERNETES_TARGET),
                    Presence.optional("required for `External`"),
                    "A metric of something else.");
    static final Key.Sections METRICS =
            new Key.Sections(
                    "metrics",
                    Shape.of(TYPE, TARGET, RESOURCE, CONTAINER_RESOURCE, PODS, OBJECT, EXTERNAL),
                    1,
                    20,
                    Presence.optional("`[{type: concurrency, target: 8}]`; for `hpa` cpu at 80 %"),
                    "What the number of replicas follows; the metric that wants most wins.");

    private MetricKeys() {}

    private static Key.Value<String> object(String name) {
        return new Key.Value<>(
                name,
                ValueTypes.text("text", 253),
                Presence.optional("none"),
                "Of the object, as in Kubernetes.");
    }

    private static List<Map.Entry<String, Type>> types() {
        List<Map.Entry<String, Type>> types = new ArrayList<>();
        Measure.words().forEach(word -> types.add(Map.entry(word.getKey(), ours(word.getValue()))));
        types.add(Map.entry("Resource", Type.Kubernetes.RESOURCE));
        types.add(Map.entry("ContainerResource", Type.Kubernetes.CONTAINER_RESOURCE));
        types.add(Map.entry("Pods", Type.Kubernetes.PODS));
        types.add(Map.entry("Object", Type.Kubernetes.OBJECT));
        types.add(Map.entry("External", Type.Kubernetes.EXTERNAL));
        return types;
    }

    private static Type ours(Measure measure) {
        return new Type.Ours(measure);
    }
}
