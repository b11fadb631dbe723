package dev.tidemill.spec;

import dev.tidemill.guardrails.Look;
import dev.tidemill.guardrails.NamedPattern;
import dev.tidemill.guardrails.PatternGuardrail;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys of a gateway's `guardrails`.
final class GuardKeys {
    private static final long MOST = 1_000_000_000L;

    static final Key.Value<String> NAME =
            new Key.Value<>(
                    "name",
                    ValueTypes.name(),
                    Presence.optional("`guardrail-1`, `guardrail-2`, ... by its place"),
                    "For messages, metrics and the audit log.");
    static final Key.Value<Long> MAX_INPUT_TOKENS =
            new Key.Value<>(
                    "maxInputTokens",
                    ValueTypes.wholeLong(1, MOST),
                    Presence.optional("not bounded"),
                    "Of a request, estimated: four bytes of its body are one.");
    static final Key.Value<Integer> MAX_MESSAGES =
            new Key.Value<>(
                    "maxMessages",
                    ValueTypes.whole(1, 1_000_000),
                    Presence.optional("not bounded"),
                    "Of a conversation, or inputs of a request for embeddings.");
    static final Key.Value<Long> MAX_OUTPUT_TOKENS =
            new Key.Value<>(
                    "maxOutputTokens",
                    ValueTypes.wholeLong(1, MOST),
                    Presence.optional("not bounded"),
                    "What a request may ask for by `max_tokens` and its sisters.");
    static final Key.Value<Boolean> CLAMP =
            new Key.Value<>(
                    "overMaxOutput",
                    ValueTypes.choice(
                            List.of(Map.entry("refuse", false), Map.entry("clamp", true))),
                    Presence.otherwise("refuse"),
                    "What becomes of a request that asks for more; `clamp` makes it ask for"
                            + " `maxOutputTokens`, also when it does not say.");
    static final Key.Value<NamedPattern> PATTERN =
            new Key.Value<>(
                    "pattern",
                    ValueTypes.choice(
                            Arrays.stream(NamedPattern.values())
                                    .map(pattern -> Map.entry(pattern.text(), pattern))
                                    .toList()),
                    Presence.optional("one of `pattern`, `regex` or `plugin`"),
                    "One that comes with Tidemill.");
    static final Key.Value<String> REGEX =
            new Key.Value<>("regex", regex(), Presence.optional(), "An expression of your own.");
    static final Key.Value<String> PLUGIN =
            new Key.Value<>(
                    "plugin",
                    ValueTypes.name(),
                    Presence.optional(),
                    "A guardrail of your own, in a jar on TIDEMILL_CLASSPATH.");
    static final Key.Values<String> SETTINGS =
            new Key.Values<>(
                    "settings", ValueTypes.text("text", 1000), 100, "What the plugin is told.");
    static final Key.Values<GatewayAnswers.Side> ON =
            new Key.Values<>(
                    "on",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("input", GatewayAnswers.Side.INPUT),
                                    Map.entry("output", GatewayAnswers.Side.OUTPUT))),
                    2,
                    "Where it looks: at requests, at answers; both when none is named.");
    static final Key.Value<Look.Action> ACTION =
            new Key.Value<>(
                    "action",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("redact", Look.Action.REDACT),
                                    Map.entry("refuse", Look.Action.REFUSE),
                                    Map.entry("flag", Look.Action.FLAG))),
                    Presence.otherwise("redact"),
                    "`redact` puts something else in its place, `refuse` answers 400 with the code"
                            + " content_filter, or ends the stream with it, `flag` only tells.");
    static final Key.Value<String> REPLACEMENT =
            new Key.Value<>(
                    "replacement",
                    ValueTypes.matching(
                                    "visible ASCII characters but quotes and backslashes, at most 100",
                                    "x",
                                    GuardKeys::isReplacement)
                            .as(new Form.Text(100, "[ !#-\\[\\]-~]*")),
                    Presence.optional("the pattern's name, such as `[EMAIL]`, or `[REDACTED]`"),
                    "What stands in its place.");
    static final Key.Value<Integer> WINDOW =
            new Key.Value<>(
                    "window",
                    ValueTypes.whole(1, 4096),
                    Presence.otherwise("100"),
                    "The longest text that a `regex` finds, in characters: so many of a stream are"
                            + " held back.");
    static final Key.Sections PATTERNS =
            new Key.Sections(
                    "patterns",
                    Shape.of(PATTERN, REGEX, PLUGIN, SETTINGS, ON, ACTION, REPLACEMENT, WINDOW),
                    0,
                    100,
                    Presence.optional("none"),
                    "What is looked for in the texts of requests and answers, streams and arguments"
                            + " of tools included.");
    static final Key.Sections GUARDRAILS =
            new Key.Sections(
                    "guardrails",
                    Shape.of(
                            NAME,
                            RateKeys.KEYS,
                            RateKeys.TEAMS,
                            RateKeys.MODELS,
                            RateKeys.ROUTES,
                            MAX_INPUT_TOKENS,
                            MAX_MESSAGES,
                            MAX_OUTPUT_TOKENS,
                            CLAMP,
                            PATTERNS),
                    0,
                    100,
                    Presence.optional("none"),
                    "Bounds of OpenAI requests and what must not pass in them; a request passes all"
                            + " that are about it, in this order.");

    private GuardKeys() {}

    private static boolean isReplacement(String text) {
        return text.length() <= 100
                && text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\');
    }

    private static ValueType<String> regex() {
        return new ValueType<>(
                "an expression in RE2's syntax that does not find nothing, at most 500 characters",
                "x",
                scalar -> {
                    try {
                        PatternGuardrail.check(scalar.text());
                        return Optional.of(scalar.text());
                    } catch (IllegalArgumentException _) {
                        return Optional.empty();
                    }
                });
    }
}
