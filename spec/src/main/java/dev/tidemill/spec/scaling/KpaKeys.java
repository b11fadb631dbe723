package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.knative.KpaPolicy.Observed;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of `kpa`: Knative's annotations without `autoscaling.knative.dev/`, and those of its
/// `config-autoscaler`.
final class KpaKeys {
    static final Key.Value<Observed> METRIC =
            new Key.Value<>(
                    "metric",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("concurrency", Observed.CONCURRENCY),
                                    Map.entry("rps", Observed.REQUESTS_PER_SECOND))),
                    Presence.otherwise("concurrency"),
                    "Requests in flight, or a second.");
    static final Key.Value<Double> TARGET =
            new Key.Value<>(
                    "target",
                    Amount.quantity(),
                    Presence.optional("`100`, for `rps` `200`"),
                    "Of one replica.");
    static final Key.Value<Double> UTILIZATION =
            percent("target-utilization-percentage", 1, 100, "70", "Share of it that is aimed at.");
    static final Key.Value<Duration> WINDOW =
            ScalingKeys.duration("window", "6s", "1h", "60s", "The stable window.");
    static final Key.Value<Double> PANIC_WINDOW =
            percent("panic-window-percentage", 1, 100, "10", "The panic window's share of it.");
    static final Key.Value<Double> PANIC_THRESHOLD =
            percent(
                    "panic-threshold-percentage",
                    110,
                    1000,
                    "200",
                    "Of what the ready replicas are for, from which on it panics.");
    static final Key.Value<Double> UP_RATE =
            rate("max-scale-up-rate", "1000", "Times the ready replicas at once.");
    static final Key.Value<Double> DOWN_RATE =
            rate("max-scale-down-rate", "2", "Down to the ready replicas through this at once.");
    static final Key.Value<Duration> DOWN_DELAY =
            ScalingKeys.duration(
                    "scale-down-delay", "0s", "1h", "0s", "The highest of this long counts.");
    static final Key.Value<Duration> GRACE =
            ScalingKeys.duration(
                    "scale-to-zero-grace-period", "6s", "1h", "30s", "Quiet time before zero.");
    static final Key.Section KPA =
            new Key.Section(
                    "kpa",
                    Shape.of(
                            METRIC,
                            TARGET,
                            UTILIZATION,
                            WINDOW,
                            PANIC_WINDOW,
                            PANIC_THRESHOLD,
                            UP_RATE,
                            DOWN_RATE,
                            DOWN_DELAY,
                            GRACE),
                    Presence.otherwise("{}"),
                    "Knative's pod autoscaler, by its own names.");

    private KpaKeys() {}

    private static Key.Value<Double> percent(
            String name, double min, double max, String otherwise, String meaning) {
        return new Key.Value<>(
                name, ValueTypes.number(min, max), Presence.otherwise(otherwise), meaning);
    }

    private static Key.Value<Double> rate(String name, String otherwise, String meaning) {
        return new Key.Value<>(
                name, ValueTypes.number(1.01, 1_000_000), Presence.otherwise(otherwise), meaning);
    }
}
