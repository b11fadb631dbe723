package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.guard.Cron;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.time.ZoneId;

/// The keys of `scaling`.
public final class ScalingKeys {
    static final Key.Value<Integer> MIN =
            new Key.Value<>(
                    "min",
                    ValueTypes.whole(0, 1000),
                    Presence.otherwise("1"),
                    "Replicas that always run; 0 lets it sleep, and requests wait while it wakes.");
    static final Key.Value<Integer> MAX =
            new Key.Value<>(
                    "max",
                    ValueTypes.whole(1, 1000),
                    Presence.optional("`4`, or `min` when that is more"),
                    "Replicas at most; at least `min`.");
    static final Key.Value<PolicyKind> POLICY =
            new Key.Value<>(
                    "policy",
                    ValueTypes.choice(PolicyKind.words()),
                    Presence.optional(
                            "the one that is described: by `objective`, `kpa`, `keda`, `rules`, or"
                                    + " by `metrics` other than one of `concurrency`; otherwise"
                                    + " `concurrency`"),
                    "What decides. Settings of the others may stay in the file, to be rehearsed.");

    static final Key.Value<Duration> SYNC_PERIOD =
            duration("syncPeriod", "1s", "5m", "15s", "Between two looks.");
    static final Key.Value<Double> TOLERANCE =
            new Key.Value<>(
                    "tolerance",
                    ValueTypes.number(0, 10),
                    Presence.otherwise("0.1"),
                    "How far from its target a metric may be before anything changes.");
    static final Key.Value<Duration> DOWNSCALE_STABILIZATION =
            duration(
                    "downscaleStabilization",
                    "0s",
                    "1h",
                    "5m",
                    "Shrink to the most that was wanted during it, where `behavior` says nothing.");
    static final Key.Section HPA =
            new Key.Section(
                    "hpa",
                    Shape.of(SYNC_PERIOD, TOLERANCE, DOWNSCALE_STABILIZATION),
                    Presence.otherwise("{}"),
                    "What a cluster sets for all of its HorizontalPodAutoscalers, by the names of"
                            + " the controller's flags.");

    static final Key.Value<Duration> IDLE =
            duration(
                    "idle",
                    "1s",
                    "7d",
                    "10m",
                    "Time without requests before zero, where `min` is 0; `kpa` and `keda` have"
                            + " times of their own.");

    static final Key.Value<Duration> SILENCE_HOLD =
            duration(
                    "hold",
                    "0s",
                    "1d",
                    "5m",
                    "Nothing changes for so long when what is needed cannot be measured.");
    static final Key.Value<Integer> SILENCE_REPLICAS =
            new Key.Value<>(
                    "replicas",
                    ValueTypes.whole(1, 1000),
                    Presence.optional("what was needed on average"),
                    "Safe then: it grows to it at once, and shrinks to it by at most a tenth a"
                            + " start-up time.");
    static final Key.Section SILENCE =
            new Key.Section(
                    "silence",
                    Shape.of(SILENCE_HOLD, SILENCE_REPLICAS),
                    Presence.otherwise("{}"),
                    "What happens when a measure is silent or fails.");

    static final Key.Value<String> SCHEDULE_NAME =
            new Key.Value<>(
                    "name",
                    ValueTypes.name(),
                    Presence.optional("`schedule-1`, `schedule-2`, ... by its place"),
                    "For explanations.");
    static final Key.Value<Cron> CRON =
            new Key.Value<>(
                    "cron", ScalingTypes.cron(), Presence.required(), "When it begins to count.");
    static final Key.Value<Duration> FOR =
            new Key.Value<>(
                    "for",
                    ValueTypes.duration("1m", "7d"),
                    Presence.required(),
                    "For how long it counts.");
    static final Key.Value<ZoneId> ZONE =
            new Key.Value<>(
                    "zone",
                    ScalingTypes.zone(),
                    Presence.required(),
                    "Of the times; changes of the clocks are followed.");
    static final Key.Value<Integer> SCHEDULE_MIN =
            new Key.Value<>(
                    "min",
                    ValueTypes.whole(1, 1000),
                    Presence.required(),
                    "Replicas at least, ready when it begins; at most `max`.");
    static final Key.Value<Duration> PRE_WARM =
            duration(
                    "preWarm",
                    "0s",
                    "1d",
                    "0s",
                    "How much earlier they are ordered; a start-up time at least.");
    static final Key.Sections SCHEDULES =
            new Key.Sections(
                    "schedules",
                    Shape.of(SCHEDULE_NAME, CRON, FOR, ZONE, SCHEDULE_MIN, PRE_WARM),
                    0,
                    100,
                    Presence.optional("none"),
                    "Times at which the lower bound is higher; load may still ask for more.");

    static final Key.Value<String> SOURCE_NAME =
            new Key.Value<>(
                    "name",
                    ScalingTypes.metricName(),
                    Presence.required(),
                    "By which `metrics` and triggers call it.");
    static final Key.Value<String> SOURCE_SERVER =
            new Key.Value<>(
                    "server",
                    ScalingTypes.server(),
                    Presence.optional("one of `server` or `kafka`"),
                    "A server with Prometheus' API.");
    static final Key.Value<String> SOURCE_QUERY =
            new Key.Value<>(
                    "query",
                    ValueTypes.text("PromQL", 2000),
                    Presence.optional("`sum(NAME{LABELS})`"),
                    "Its instant result is summed; an empty one is no value, which is not zero.");
    static final Key.Sections SOURCES =
            new Key.Sections(
                    "sources",
                    Shape.of(SOURCE_NAME, SOURCE_SERVER, SOURCE_QUERY, KafkaKeys.KAFKA),
                    0,
                    20,
                    Presence.optional("none"),
                    "Measures of others. Gateway and model servers are measured without any.");

    private static final Shape SHAPE =
            Shape.of(
                    MIN,
                    MAX,
                    POLICY,
                    MetricKeys.METRICS,
                    BehaviorKeys.BEHAVIOR,
                    ObjectiveKeys.OBJECTIVE,
                    HPA,
                    KpaKeys.KPA,
                    KedaKeys.KEDA,
                    RuleKeys.RULES,
                    ObjectiveKeys.REPLICA,
                    SCHEDULES,
                    IDLE,
                    SILENCE,
                    SOURCES,
                    KindKeys.KINDS,
                    KindKeys.SPOT_SHARE);

    /// Under whatever has replicas.
    public static final Key.Section SCALING =
            new Key.Section(
                    "scaling", SHAPE, Presence.otherwise("{}"), "How many replicas run, and why.");

    private ScalingKeys() {}

    static Key.Value<Duration> duration(
            String name, String min, String max, String otherwise, String meaning) {
        return new Key.Value<>(
                name, ValueTypes.duration(min, max), Presence.otherwise(otherwise), meaning);
    }
}
