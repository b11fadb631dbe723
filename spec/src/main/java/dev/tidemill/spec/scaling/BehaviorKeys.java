package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.hpa.Behavior;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.List;
import java.util.Map;

/// The keys of `behavior`, as in a HorizontalPodAutoscaler.
final class BehaviorKeys {
    static final Key.Value<Integer> UP_WINDOW =
            window("`0`", "Seconds; grow to the least that was wanted during them.");
    static final Key.Value<Integer> DOWN_WINDOW =
            window(
                    "`60` for `concurrency`, otherwise `300`",
                    "Seconds; shrink to the most that was wanted during them.");
    static final Key.Value<Behavior.Select> SELECT =
            new Key.Value<>(
                    "selectPolicy",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("Max", Behavior.Select.MAX),
                                    Map.entry("Min", Behavior.Select.MIN),
                                    Map.entry("Disabled", Behavior.Select.DISABLED))),
                    Presence.otherwise("Max"),
                    "Which of the policies counts: the one that allows most, or least, or none at"
                            + " all.");
    static final Key.Value<Double> TOLERANCE =
            new Key.Value<>(
                    "tolerance",
                    ValueTypes.number(0, 10),
                    Presence.optional("that of `hpa`"),
                    "How far from its target a metric may be before anything changes.");
    static final Key.Value<Behavior.Kind> TYPE =
            new Key.Value<>(
                    "type",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("Pods", Behavior.Kind.PODS),
                                    Map.entry("Percent", Behavior.Kind.PERCENT))),
                    Presence.required(),
                    "What `value` counts.");
    static final Key.Value<Integer> VALUE =
            new Key.Value<>(
                    "value",
                    ValueTypes.whole(1, 1_000_000),
                    Presence.required(),
                    "Replicas, or percent of those at the beginning of the period.");
    static final Key.Value<Integer> PERIOD =
            new Key.Value<>(
                    "periodSeconds",
                    ValueTypes.whole(1, 1800),
                    Presence.required(),
                    "Seconds in which the count changes by so much at most.");
    static final Key.Sections POLICIES =
            new Key.Sections(
                    "policies",
                    Shape.of(TYPE, VALUE, PERIOD),
                    1,
                    20,
                    Presence.optional("Kubernetes' own"),
                    "How fast the count may change; for `hpa` and `rules`.");
    static final Key.Section UP =
            new Key.Section(
                    "scaleUp",
                    Shape.of(UP_WINDOW, SELECT, TOLERANCE, POLICIES),
                    Presence.otherwise("{}"),
                    "How the number grows.");
    static final Key.Section DOWN =
            new Key.Section(
                    "scaleDown",
                    Shape.of(DOWN_WINDOW, SELECT, TOLERANCE, POLICIES),
                    Presence.otherwise("{}"),
                    "How the number shrinks.");
    static final Key.Section BEHAVIOR =
            new Key.Section(
                    "behavior",
                    Shape.of(UP, DOWN),
                    Presence.optional("none, which differs from an empty one as in Kubernetes"),
                    "As in the Kubernetes HorizontalPodAutoscaler.");

    private BehaviorKeys() {}

    private static Key.Value<Integer> window(String otherwise, String meaning) {
        return new Key.Value<>(
                "stabilizationWindowSeconds",
                ValueTypes.whole(0, 3600),
                Presence.optional(otherwise),
                meaning);
    }
}
