package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys of an upstream that say which API it speaks.
final class ProviderKeys {
    static final Key.Value<Boolean> PROVIDER =
            new Key.Value<>(
                    "provider",
                    ValueTypes.choice(
                            List.of(Map.entry("openai", false), Map.entry("anthropic", true))),
                    Presence.otherwise("openai"),
                    "The API that it speaks: `openai` stands for everything that is passed on as it"
                            + " comes; for `anthropic`, chat completions are translated into messages"
                            + " and back.");
    static final Key.Value<Integer> MAX_TOKENS =
            new Key.Value<>(
                    "maxTokens",
                    ValueTypes.whole(1, 10_000_000),
                    Presence.optional("4096"),
                    "Of an answer of `anthropic`, where the client does not say: that API wants to"
                            + " know.");
    static final Key.Value<Route.PromptCaching> PROMPT_CACHING =
            new Key.Value<>(
                    "promptCaching",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("off", Route.PromptCaching.OFF),
                                    Map.entry("5m", Route.PromptCaching.MINUTES),
                                    Map.entry("1h", Route.PromptCaching.HOUR))),
                    Presence.optional("off"),
                    "How long `anthropic` keeps prompts: tools, system texts and the last two turns"
                            + " are marked for it, unless the client marks its own.");
    static final Key.Value<Boolean> ALLOW_PRIVATE =
            new Key.Value<>(
                    "allowPrivate",
                    ValueTypes.choice(List.of(Map.entry("false", false), Map.entry("true", true))),
                    Presence.otherwise("false"),
                    "Whether the name in an https URL may lead to this machine or a private network,"
                            + " and any to a link-local address. Addresses, names without dots and"
                            + " those that end in .svc, .local, .internal and the like may.");
    private static final int ANSWER_TOKENS = 4096;

    private ProviderKeys() {}

    /// Empty when it speaks as its clients do.
    static Optional<Route.Anthropic> read(MappingCursor upstream) {
        boolean anthropic = upstream.get(PROVIDER);
        Optional<Integer> maxTokens = upstream.find(MAX_TOKENS);
        Optional<Route.PromptCaching> caching = upstream.find(PROMPT_CACHING);
        if (anthropic) {
            if (upstream.has(RouteKeys.UPSTREAM_MODEL)) {
                upstream.problem(PROVIDER, "openai for a model of this file");
            } else if (upstream.has(RouteKeys.UPSTREAM_APP)) {
                upstream.problem(PROVIDER, "openai for an app of this file");
            }
            return Optional.of(
                    new Route.Anthropic(
                            maxTokens.orElse(ANSWER_TOKENS),
                            caching.orElse(Route.PromptCaching.OFF)));
        }
        for (Key key : List.of(MAX_TOKENS, PROMPT_CACHING)) {
            if (upstream.has(key)) {
                upstream.problem(key, "left out where the provider is not anthropic");
            }
        }
        return Optional.empty();
    }
}
