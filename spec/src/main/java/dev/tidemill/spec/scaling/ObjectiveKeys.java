package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.objective.Objective.Counts;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/// The keys of `objective`, and of `replica`, which it starts from.
final class ObjectiveKeys {
    static final Key.Value<Duration> LATENCY =
            new Key.Value<>(
                    "latency",
                    ValueTypes.duration("1ms", "1h"),
                    Presence.required(),
                    "A request that takes longer is late.");
    static final Key.Value<Double> LATE =
            new Key.Value<>(
                    "late",
                    Amount.share(),
                    Presence.otherwise("1%"),
                    "Share of the requests that may be late.");
    static final Key.Value<Counts> COUNTS =
            new Key.Value<>(
                    "counts",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("wait", Counts.WAIT),
                                    Map.entry("total", Counts.TOTAL))),
                    Presence.otherwise("wait"),
                    "`wait`: the time until a replica works on it, which is what replicas can"
                            + " change; `total`: until the answer.");
    static final Key.Value<Double> MARGIN =
            new Key.Value<>(
                    "margin",
                    ValueTypes.number(0, 10),
                    Presence.otherwise("1"),
                    "Standard deviations of the forecast's own error that are added to it at"
                            + " first.");
    static final Key.Value<Boolean> LEARNS =
            new Key.Value<>(
                    "learnsMargin",
                    ValueTypes.choice(List.of(Map.entry("true", true), Map.entry("false", false))),
                    Presence.otherwise("true"),
                    "Whether the margin follows how often it was needed.");
    static final Key.Value<Duration> HOLD =
            ScalingKeys.duration(
                    "hold",
                    "0s",
                    "1d",
                    "5m",
                    "Nothing shrinks that was wanted within this time, nor within two start-up times.");
    static final Key.Value<Double> VARIABILITY =
            new Key.Value<>(
                    "variability",
                    ValueTypes.positive(100),
                    Presence.otherwise("1"),
                    "Of gaps between requests and of their work: 1 for random ones, more for"
                            + " bursts.");
    static final Key.Value<ZoneId> ZONE =
            new Key.Value<>(
                    "zone",
                    ScalingTypes.zone(),
                    Presence.otherwise("UTC"),
                    "In which days begin, for the usual day that it learns.");
    static final Key.Section OBJECTIVE =
            new Key.Section(
                    "objective",
                    Shape.of(LATENCY, LATE, COUNTS, MARGIN, LEARNS, HOLD, VARIABILITY, ZONE),
                    Presence.optional("none"),
                    "What users are promised; the fewest replicas that keep it run.");

    static final Key.Value<Integer> SLOTS =
            new Key.Value<>(
                    "slots",
                    ValueTypes.whole(1, 10_000),
                    Presence.otherwise("4"),
                    "Requests that it works on at a time.");
    static final Key.Value<Duration> SLOT_TIME =
            ScalingKeys.duration("slotTime", "1ms", "1h", "100ms", "That one of them takes.");
    static final Key.Value<Duration> START_UP =
            ScalingKeys.duration(
                    "startUp", "0s", "1h", "10s", "From the order to the first answer.");
    static final Key.Value<Double> PROMPT =
            seconds("promptSecondsPerToken", "Seconds to read a token of a prompt.");
    static final Key.Value<Double> FIXED = seconds("fixedSeconds", "Seconds of any step.");
    static final Key.Value<Double> PER_SEQUENCE =
            seconds("perSequenceSeconds", "Seconds that each sequence of the batch adds.");
    static final Key.Value<Double> PER_KV =
            seconds("perKvTokenSeconds", "Seconds that each token in the cache adds.");
    static final Key.Value<Duration> STEP_LIMIT =
            new Key.Value<>(
                    "stepLimit",
                    ValueTypes.duration("1ms", "1m"),
                    Presence.required(),
                    "Longest acceptable time between two tokens.");
    static final Key.Value<Long> KV_TOKENS =
            new Key.Value<>(
                    "kvTokens",
                    ValueTypes.wholeLong(1, 1_000_000_000_000L),
                    Presence.required(),
                    "Tokens that the key-value cache holds.");
    static final Key.Value<Integer> MAX_BATCH =
            new Key.Value<>(
                    "maxBatch",
                    ValueTypes.whole(1, 100_000),
                    Presence.otherwise("256"),
                    "Sequences at a time.");
    static final Key.Section TOKENS =
            new Key.Section(
                    "tokens",
                    Shape.of(PROMPT, FIXED, PER_SEQUENCE, PER_KV, STEP_LIMIT, KV_TOKENS, MAX_BATCH),
                    Presence.optional("not a language model"),
                    "What tokens cost a language model that batches continuously; slots and slot"
                            + " time then follow what arrives.");
    static final Key.Section REPLICA =
            new Key.Section(
                    "replica",
                    Shape.of(SLOTS, SLOT_TIME, START_UP, TOKENS),
                    Presence.otherwise("{}"),
                    "What one replica does, to begin with: live, all of it is learned.");

    private ObjectiveKeys() {}

    private static Key.Value<Double> seconds(String name, String meaning) {
        return new Key.Value<>(name, ValueTypes.number(0, 1000), Presence.otherwise("0"), meaning);
    }
}
