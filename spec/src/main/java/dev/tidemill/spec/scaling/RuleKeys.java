package dev.tidemill.spec.scaling;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.List;
import java.util.Map;

/// The keys of `rules`.
final class RuleKeys {
    static final Key.Value<Measure> METRIC =
            new Key.Value<>(
                    "metric",
                    ValueTypes.choice(Measure.words()),
                    Presence.required(),
                    "What is measured.");
    static final Key.Value<Amount> THRESHOLD =
            new Key.Value<>(
                    "threshold",
                    Amount.type(),
                    Presence.required(),
                    "A number a replica, a share, or for `p99` a duration.");
    static final Key.Value<Rule.Action> ACTION =
            new Key.Value<>(
                    "action",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("track", Rule.Action.TRACK),
                                    Map.entry("double", Rule.Action.DOUBLE),
                                    Map.entry("shrink", Rule.Action.SHRINK))),
                    Presence.otherwise("track"),
                    "`track`: the count follows so that it stays there; `double`: above it the count"
                            + " is multiplied; `shrink`: below it for five minutes the count goes"
                            + " down to `floor`.");
    static final Key.Value<Double> FACTOR =
            new Key.Value<>(
                    "factor",
                    ValueTypes.number(1.01, 100),
                    Presence.otherwise("2"),
                    "By which `double` multiplies.");
    static final Key.Value<Integer> FLOOR =
            new Key.Value<>(
                    "floor",
                    ValueTypes.whole(1, 1000),
                    Presence.otherwise("2"),
                    "To which `shrink` goes.");
    static final Key.Sections RULES =
            new Key.Sections(
                    "rules",
                    Shape.of(METRIC, THRESHOLD, ACTION, FACTOR, FLOOR),
                    0,
                    20,
                    Presence.optional("none"),
                    "Rules with thresholds; `behavior` bounds those that track. Who wants to grow"
                            + " wins.");

    private RuleKeys() {}
}
