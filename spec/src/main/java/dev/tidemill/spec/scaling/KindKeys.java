package dev.tidemill.spec.scaling;

import dev.tidemill.spec.cluster.PodKeys;
import dev.tidemill.spec.cluster.ResourceKeys;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of `kinds`.
final class KindKeys {
    static final Key.Value<String> NAME =
            new Key.Value<>(
                    "name", ValueTypes.name(), Presence.required(), "Such as `gpu` or `cpu-spot`.");
    static final Key.Value<Double> REQUESTS =
            new Key.Value<>(
                    "requestsPerSecond",
                    ValueTypes.positive(10_000_000),
                    Presence.required(),
                    "That one of them serves as promised.");
    static final Key.Value<Double> PRICE =
            new Key.Value<>(
                    "pricePerHour",
                    ValueTypes.number(0, 1_000_000),
                    Presence.required(),
                    "In any currency, the same for all.");
    static final Key.Value<Boolean> SPOT =
            new Key.Value<>(
                    "spot",
                    ValueTypes.choice(List.of(Map.entry("true", true), Map.entry("false", false))),
                    Presence.otherwise("false"),
                    "Whether the provider may take it back.");
    static final Key.Value<Duration> START_UP =
            ScalingKeys.duration("startUp", "0s", "1h", "1m", "Until a new one serves.");
    static final Key.Value<Integer> AVAILABLE =
            new Key.Value<>(
                    "available",
                    ValueTypes.whole(0, 100_000),
                    Presence.otherwise("1000"),
                    "How many can be had; 0 while there are none.");
    static final Key.Section RESOURCES =
            ResourceKeys.withGpu("Of a replica of this kind, instead of the model's.");
    static final Key.Section POD = PodKeys.POD;
    static final Key.Sections KINDS =
            new Key.Sections(
                    "kinds",
                    Shape.of(NAME, REQUESTS, PRICE, SPOT, START_UP, AVAILABLE, RESOURCES, POD),
                    0,
                    20,
                    Presence.optional("one kind"),
                    "Kinds of replicas to choose from by price, live too. `min`, `max` and policies"
                            + " count replicas of the first.");
    static final Key.Value<Double> SPOT_SHARE =
            new Key.Value<>(
                    "spotShare",
                    ValueTypes.number(0, 1),
                    Presence.otherwise("0"),
                    "Share of the load that may rest on spot replicas.");

    private KindKeys() {}
}
