package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of a gateway's `caches`.
final class CacheKeys {
    static final Key.Value<String> NAME =
            new Key.Value<>(
                    "name",
                    ValueTypes.name(),
                    Presence.optional("`cache-1`, `cache-2`, ... by its place"),
                    "For metrics.");
    static final Key.Value<GatewayAnswers.Per> PER =
            new Key.Value<>(
                    "per",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("key", GatewayAnswers.Per.KEY),
                                    Map.entry("team", GatewayAnswers.Per.TEAM))),
                    Presence.otherwise("key"),
                    "Who may get an answer that was made for another request: those with the same"
                            + " key, or of the same team. Requests without a key are not kept.");
    static final Key.Value<Boolean> SHARED =
            new Key.Value<>(
                    "shared",
                    ValueTypes.choice(List.of(Map.entry("false", false), Map.entry("true", true))),
                    Presence.otherwise("false"),
                    "Whether everybody may get everybody's answers, instead of `per`.");
    static final Key.Value<Boolean> WHEN =
            new Key.Value<>(
                    "when",
                    ValueTypes.choice(
                            List.of(Map.entry("deterministic", false), Map.entry("always", true))),
                    Presence.otherwise("deterministic"),
                    "Which questions: those with `temperature: 0` or a `seed`, and embeddings; or"
                            + " all.");
    static final Key.Value<Duration> TTL =
            new Key.Value<>(
                    "ttl",
                    ValueTypes.duration("1s", "30d"),
                    Presence.otherwise("1h"),
                    "How long an answer is given again.");
    static final Key.Value<Integer> MAX_ENTRIES =
            new Key.Value<>(
                    "maxEntries",
                    ValueTypes.whole(1, 1_000_000),
                    Presence.otherwise("10000"),
                    "Answers that are kept.");
    static final Key.Value<ByteSize> MAX_SIZE =
            new Key.Value<>(
                    "maxSize",
                    ValueTypes.size("64Ki", "64Gi"),
                    Presence.otherwise("32Mi"),
                    "Of all of them in memory; the one that was not asked for longest makes room.");
    static final Key.Value<ByteSize> MAX_ENTRY_SIZE =
            new Key.Value<>(
                    "maxEntrySize",
                    ValueTypes.size("1Ki", "64Mi"),
                    Presence.otherwise("256Ki"),
                    "Of one; longer ones are not kept.");
    static final Key.Value<String> MODEL =
            new Key.Value<>(
                    "model",
                    GatewayTypes.sentModel(),
                    Presence.required(),
                    "Makes embeddings, by a route of this gateway.");
    static final Key.Value<Double> THRESHOLD =
            new Key.Value<>(
                    "threshold",
                    ValueTypes.number(0.5, 1),
                    Presence.otherwise("0.97"),
                    "The least similarity (cosine) of two questions that get one answer.");
    static final Key.Section SEMANTIC =
            new Key.Section(
                    "semantic",
                    Shape.of(MODEL, THRESHOLD),
                    Presence.optional("only the same question gets the same answer"),
                    "Chats whose last message means the same and that are otherwise the same get"
                            + " one answer. It may be the wrong one: questions with other numbers,"
                            + " names or a \"not\" are similar too.");
    static final Key.Sections CACHES =
            new Key.Sections(
                    "caches",
                    Shape.of(
                            NAME,
                            RateKeys.KEYS,
                            RateKeys.TEAMS,
                            RateKeys.MODELS,
                            RateKeys.ROUTES,
                            PER,
                            SHARED,
                            WHEN,
                            TTL,
                            MAX_ENTRIES,
                            MAX_SIZE,
                            MAX_ENTRY_SIZE,
                            SEMANTIC),
                    0,
                    100,
                    Presence.optional("nothing is kept"),
                    "Answers of OpenAI's protocol that are given again; the first that is about a"
                            + " request is asked. Each names `routes` or `models`.");

    private CacheKeys() {}
}
