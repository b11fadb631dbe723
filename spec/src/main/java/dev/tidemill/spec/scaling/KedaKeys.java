package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.guard.Cron;
import dev.tidemill.scaling.keda.Fallback.Behavior;
import dev.tidemill.scaling.keda.Formula;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/// The keys of `keda`, as in a ScaledObject.
final class KedaKeys {
    /// Triggers that can be read here.
    enum TriggerType {
        PROMETHEUS,
        KAFKA,
        CPU,
        MEMORY,
        CRON,
        TIDEMILL
    }

    static final Key.Value<Integer> POLLING =
            seconds("pollingInterval", 1, "30", "Seconds between two looks at the triggers.");
    static final Key.Value<Integer> COOLDOWN =
            seconds("cooldownPeriod", 0, "300", "Seconds without an active trigger before zero.");
    static final Key.Value<Integer> INITIAL_COOLDOWN =
            seconds("initialCooldownPeriod", 0, "0", "Seconds at first before zero.");

    static final Key.Value<TriggerType> TYPE =
            new Key.Value<>(
                    "type",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("prometheus", TriggerType.PROMETHEUS),
                                    Map.entry("kafka", TriggerType.KAFKA),
                                    Map.entry("cpu", TriggerType.CPU),
                                    Map.entry("memory", TriggerType.MEMORY),
                                    Map.entry("cron", TriggerType.CRON),
                                    Map.entry("tidemill", TriggerType.TIDEMILL))),
                    Presence.required(),
                    "A scaler of KEDA's; `tidemill` for what gateway and servers measure.");
    static final Key.Value<String> NAME =
            new Key.Value<>(
                    "name",
                    ScalingTypes.metricName(),
                    Presence.optional("its type, with its place when that is taken"),
                    "For the formula and for explanations.");
    static final Key.Value<Boolean> PER_REPLICA =
            new Key.Value<>(
                    "metricType",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("AverageValue", true),
                                    Map.entry("Value", false),
                                    Map.entry("Utilization", true))),
                    Presence.otherwise("AverageValue"),
                    "Whether the threshold is one replica's, or all of them together's; of cpu and"
                            + " memory it is `Utilization`.");

    static final Key.Value<String> SERVER =
            new Key.Value<>(
                    "serverAddress",
                    ScalingTypes.server(),
                    Presence.optional("required for `prometheus`"),
                    "Of the Prometheus server.");
    static final Key.Value<String> QUERY =
            new Key.Value<>(
                    "query",
                    ValueTypes.text("PromQL", 2000),
                    Presence.optional("required for `prometheus`"),
                    "Its instant result is summed.");
    static final Key.Value<Measure> SIGNAL =
            new Key.Value<>(
                    "signal",
                    ValueTypes.choice(Measure.words()),
                    Presence.optional("required for `tidemill`"),
                    "What is measured.");
    static final Key.Value<Double> THRESHOLD =
            new Key.Value<>(
                    "threshold",
                    Amount.quantity(),
                    Presence.optional("required for `prometheus` and `tidemill`"),
                    "So many a replica.");
    static final Key.Value<Double> ACTIVATION =
            new Key.Value<>(
                    "activationThreshold",
                    Amount.number(),
                    Presence.otherwise("0"),
                    "Above it the trigger is active and keeps the target from zero.");
    static final Key.Value<Double> LAG =
            new Key.Value<>(
                    "lagThreshold",
                    Amount.quantity(),
                    Presence.otherwise("10"),
                    "Messages behind a replica.");
    static final Key.Value<Double> LAG_ACTIVATION =
            new Key.Value<>(
                    "activationLagThreshold",
                    Amount.number(),
                    Presence.otherwise("0"),
                    "Above it the trigger is active.");
    static final Key.Value<Double> VALUE =
            new Key.Value<>(
                    "value",
                    Amount.quantity(),
                    Presence.optional("required for `cpu` and `memory`"),
                    "Percent of what a replica may use.");
    static final Key.Value<ZoneId> TIMEZONE =
            new Key.Value<>(
                    "timezone",
                    ScalingTypes.zone(),
                    Presence.optional("required for `cron`"),
                    "Of the times.");
    static final Key.Value<Cron> START = cron("start", "When it becomes active.");
    static final Key.Value<Cron> END = cron("end", "When that ends.");
    static final Key.Value<Double> DESIRED =
            new Key.Value<>(
                    "desiredReplicas",
                    Amount.quantity(),
                    Presence.optional("required for `cron`"),
                    "Replicas in between.");
    static final Key.Section METADATA =
            new Key.Section(
                    "metadata",
                    Shape.of(
                            SERVER,
                            QUERY,
                            SIGNAL,
                            THRESHOLD,
                            ACTIVATION,
                            KedaKafkaKeys.BOOTSTRAP,
                            KedaKafkaKeys.GROUP,
                            KedaKafkaKeys.TOPIC,
                            LAG,
                            LAG_ACTIVATION,
                            KedaKafkaKeys.PARTITIONS,
                            KedaKafkaKeys.EARLIEST,
                            KedaKafkaKeys.ZERO,
                            KedaKafkaKeys.IDLE,
                            KedaKafkaKeys.WITH_LAG,
                            KedaKafkaKeys.EVEN,
                            KedaKafkaKeys.PERSISTENT,
                            KedaKafkaKeys.VERSION,
                            KedaKafkaKeys.TLS,
                            KedaKafkaKeys.SASL,
                            VALUE,
                            TIMEZONE,
                            START,
                            END,
                            DESIRED),
                    Presence.otherwise("{}"),
                    "Of the trigger, by its type; numbers may be in quotes.");
    static final Key.Section AUTHENTICATION =
            new Key.Section(
                    "authenticationRef",
                    Shape.of(KedaKafkaKeys.AUTHENTICATION),
                    Presence.optional("none"),
                    "For KEDA, of `kafka`; what is read here has its secrets in a source of the"
                            + " trigger's name.");
    static final Key.Sections TRIGGERS =
            new Key.Sections(
                    "triggers",
                    Shape.of(TYPE, NAME, PER_REPLICA, METADATA, AUTHENTICATION),
                    1,
                    20,
                    Presence.required(),
                    "What wakes it and what its number follows.");

    static final Key.Value<Integer> FAILURES =
            new Key.Value<>(
                    "failureThreshold",
                    ValueTypes.whole(0, 1000),
                    Presence.required(),
                    "Failures in a row after which the fallback counts.");
    static final Key.Value<Integer> FALLBACK_REPLICAS =
            new Key.Value<>(
                    "replicas", ValueTypes.whole(0, 1000), Presence.required(), "Of the fallback.");
    static final Key.Value<Behavior> FALLBACK_BEHAVIOR =
            new Key.Value<>(
                    "behavior",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("static", Behavior.STATIC),
                                    Map.entry("currentReplicas", Behavior.CURRENT_REPLICAS),
                                    Map.entry(
                                            "currentReplicasIfHigher",
                                            Behavior.CURRENT_REPLICAS_IF_HIGHER),
                                    Map.entry(
                                            "currentReplicasIfLower",
                                            Behavior.CURRENT_REPLICAS_IF_LOWER))),
                    Presence.otherwise("static"),
                    "Which count stands in.");
    static final Key.Section FALLBACK =
            new Key.Section(
                    "fallback",
                    Shape.of(FAILURES, FALLBACK_REPLICAS, FALLBACK_BEHAVIOR),
                    Presence.optional("none; then `silence` counts"),
                    "What stands in for triggers that fail.");

    static final Key.Value<Formula> FORMULA =
            new Key.Value<>(
                    "formula",
                    ScalingTypes.formula(),
                    Presence.required(),
                    "Replaces the triggers by one number; `??` replaces one that fails.");
    static final Key.Value<Double> FORMULA_TARGET =
            new Key.Value<>("target", Amount.quantity(), Presence.required(), "Of the formula.");
    static final Key.Value<Double> FORMULA_ACTIVATION =
            new Key.Value<>(
                    "activationTarget",
                    Amount.number(),
                    Presence.otherwise("0"),
                    "Above it the formula is active.");
    static final Key.Section MODIFIERS =
            new Key.Section(
                    "scalingModifiers",
                    Shape.of(FORMULA, FORMULA_TARGET, FORMULA_ACTIVATION, PER_REPLICA),
                    Presence.optional("none"),
                    "One formula over the triggers.");
    static final Key.Section HPA_CONFIG =
            new Key.Section(
                    "horizontalPodAutoscalerConfig",
                    Shape.of(BehaviorKeys.BEHAVIOR),
                    Presence.optional("Kubernetes' own"),
                    "Of the autoscaler that KEDA makes.");
    static final Key.Section ADVANCED =
            new Key.Section(
                    "advanced",
                    Shape.of(MODIFIERS, HPA_CONFIG),
                    Presence.optional("none"),
                    "As in a ScaledObject.");
    static final Key.Section KEDA =
            new Key.Section(
                    "keda",
                    Shape.of(POLLING, COOLDOWN, INITIAL_COOLDOWN, TRIGGERS, FALLBACK, ADVANCED),
                    Presence.optional("one trigger of `tidemill`: 8 requests in flight"),
                    "A KEDA ScaledObject, by its own names; `min` and `max` are its counts.");

    private KedaKeys() {}

    private static Key.Value<Integer> seconds(
            String name, int min, String otherwise, String meaning) {
        return new Key.Value<>(
                name, ValueTypes.whole(min, 86_400), Presence.otherwise(otherwise), meaning);
    }

    private static Key.Value<Cron> cron(String name, String meaning) {
        return new Key.Value<>(
                name, ScalingTypes.cron(), Presence.optional("required for `cron`"), meaning);
    }
}
