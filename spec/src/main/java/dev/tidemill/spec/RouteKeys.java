package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of a gateway's route.
final class RouteKeys {
    static final Key.Value<String> NAME =
            new Key.Value<>(
                    "name",
                    ValueTypes.name(),
                    Presence.optional("`route-1`, `route-2`, ... by its place"),
                    "For limits, keys, fallbacks and metrics.");
    static final Key.Value<String> PATH =
            new Key.Value<>(
                    "path",
                    GatewayTypes.route(),
                    Presence.optional("required with `model`"),
                    "Stands for itself and everything below it; `POST` to it is a prediction when"
                            + " it leads to a model.");
    static final Key.Value<String> MODEL =
            new Key.Value<>(
                    "model",
                    ValueTypes.name(),
                    Presence.optional("required without `app` and `upstreams`"),
                    "A `Model` of this file.");
    static final Key.Value<String> APP =
            new Key.Value<>(
                    "app",
                    ValueTypes.name(),
                    Presence.optional(),
                    "An `App` of this file, which gets requests as they come.");
    static final Key.Values<String> MODELS =
            new Key.Values<>(
                    "models",
                    GatewayTypes.clientModel(),
                    200,
                    "What clients call the models that the upstreams serve: `model` in OpenAI"
                            + " requests, the name in /v2/models/NAME and /v1/models/NAME.");

    static final Key.Value<String> HEADER =
            new Key.Value<>(
                    "header", GatewayTypes.headerName(), Presence.optional(), "A header's name.");
    static final Key.Value<String> COOKIE =
            new Key.Value<>(
                    "cookie", GatewayTypes.token(), Presence.optional(), "A cookie's name.");
    static final Key.Value<String> VALUE =
            new Key.Value<>(
                    "value",
                    GatewayTypes.headerValue(),
                    Presence.optional("any value"),
                    "What the header or cookie must be.");
    static final Key.Value<Double> PERCENT =
            new Key.Value<>(
                    "percent",
                    ValueTypes.positive(100),
                    Presence.optional(),
                    "A share of the requests; with `sticky` always those of the same clients.");
    static final Key.Sections MATCH =
            new Key.Sections(
                    "match",
                    Shape.of(HEADER, COOKIE, VALUE, PERCENT),
                    0,
                    10,
                    Presence.optional(),
                    "All must hold, each one of `header`, `cookie` or `percent`. Of several routes"
                            + " with one path or model the first that matches is taken.");

    static final Key.Value<URI> URL =
            new Key.Value<>(
                    "url",
                    GatewayTypes.url(),
                    Presence.optional("one of `url`, `urls`, `model` or `app`"),
                    "A server. When it has a path, /v1 of OpenAI's paths is replaced by it.");
    static final Key.Values<URI> URLS =
            new Key.Values<>(
                    "urls", GatewayTypes.url(), 100, "Servers that are as good as one another.");
    static final Key.Value<String> UPSTREAM_MODEL =
            new Key.Value<>(
                    "model", ValueTypes.name(), Presence.optional(), "A `Model` of this file.");
    static final Key.Value<String> UPSTREAM_APP =
            new Key.Value<>(
                    "app", ValueTypes.name(), Presence.optional(), "An `App` of this file.");
    static final Key.Value<Integer> WEIGHT =
            new Key.Value<>(
                    "weight",
                    ValueTypes.whole(0, 1_000_000),
                    Presence.otherwise("1"),
                    "Its share of the requests, relative to the others'; 0 is only for when they"
                            + " fail.");
    static final Key.Value<String> AS =
            new Key.Value<>(
                    "as",
                    GatewayTypes.sentModel(),
                    Presence.optional("as the client calls it"),
                    "The model's name that is sent.");
    static final Key.Value<String> ENV =
            new Key.Value<>(
                    "env",
                    GatewayTypes.variable(),
                    Presence.optional("one of `env` or `file`"),
                    "Environment variable with the key.");
    static final Key.Value<String> FILE =
            new Key.Value<>(
                    "file",
                    ValueTypes.text("a path", 1000),
                    Presence.optional(),
                    "File with the key, such as a mounted secret; relative to the folder of this"
                            + " file.");
    static final Key.Value<String> KEY_HEADER =
            new Key.Value<>(
                    "header",
                    GatewayTypes.headerName(),
                    Presence.optional("authorization; x-api-key for anthropic"),
                    "The header it is sent in; `authorization` has `Bearer` before it.");
    static final Key.Section KEY =
            new Key.Section(
                    "key",
                    Shape.of(ENV, FILE, KEY_HEADER),
                    Presence.optional("what the client sent, unless that is a key of ours"),
                    "The key that the server wants.");
    static final Key.Value<Integer> GRPC_PORT =
            new Key.Value<>(
                    "grpcPort",
                    ValueTypes.whole(1, 65_535),
                    Presence.optional("no gRPC"),
                    "Where the same hosts speak gRPC, with TLS where the URL is https: the Open"
                            + " Inference Protocol or TensorFlow Serving's. A `Model` of this file"
                            + " needs none.");
    static final Key.Sections UPSTREAMS =
            new Key.Sections(
                    "upstreams",
                    Shape.of(
                            URL,
                            URLS,
                            UPSTREAM_MODEL,
                            UPSTREAM_APP,
                            WEIGHT,
                            AS,
                            KEY,
                            ProviderKeys.PROVIDER,
                            ProviderKeys.MAX_TOKENS,
                            ProviderKeys.PROMPT_CACHING,
                            ProviderKeys.ALLOW_PRIVATE,
                            GRPC_PORT),
                    1,
                    100,
                    Presence.optional("required without `model` and `app`"),
                    "Who answers.");

    static final Key.Section MIRROR =
            new Key.Section(
                    "mirror",
                    Shape.of(
                            URL,
                            URLS,
                            UPSTREAM_MODEL,
                            UPSTREAM_APP,
                            AS,
                            KEY,
                            ProviderKeys.PROVIDER,
                            ProviderKeys.MAX_TOKENS,
                            ProviderKeys.PROMPT_CACHING,
                            ProviderKeys.ALLOW_PRIVATE,
                            TrafficKeys.MIRROR_PERCENT),
                    Presence.optional(),
                    "Who gets copies of requests and answers nobody. Copies delay and fail nobody and"
                            + " use up no limits; when too many are under way they are dropped.");

    static final Key.Values<String> FALLBACK =
            new Key.Values<>(
                    "fallback",
                    ValueTypes.name(),
                    10,
                    "Routes whose upstreams are tried in turn when these fail before the first byte"
                            + " of an answer.");
    static final Key.Value<Boolean> STRIP_PATH =
            new Key.Value<>(
                    "stripPath",
                    ValueTypes.choice(List.of(Map.entry("false", false), Map.entry("true", true))),
                    Presence.otherwise("false"),
                    "Whether `path` is taken off before the rest is sent on.");
    static final Key.Value<String> STICKY =
            new Key.Value<>(
                    "sticky",
                    GatewayTypes.headerName(),
                    Presence.optional("each request by itself"),
                    "`key`, or the header whose value (such as a conversation's id) decides which"
                            + " upstream is taken.");

    static final Key.Value<Duration> REQUEST =
            duration("request", "300s", "For the whole of a request.");
    static final Key.Value<Duration> FIRST_BYTE =
            duration("firstByte", "120s", "Until an upstream begins its answer.");
    static final Key.Value<Duration> IDLE =
            duration("idle", "60s", "The longest pause within an answer.");
    static final Key.Value<Duration> WAIT_FOR_REPLICA =
            new Key.Value<>(
                    "waitForReplica",
                    ValueTypes.duration("0s", "10m"),
                    Presence.otherwise("0s"),
                    "How long a request waits when no upstream can be reached; for an `App` the"
                            + " gateway's where it is 0.");
    static final Key.Section TIMEOUTS =
            new Key.Section(
                    "timeouts",
                    Shape.of(REQUEST, FIRST_BYTE, IDLE, WAIT_FOR_REPLICA),
                    Presence.otherwise("{}"),
                    "Of requests to the upstreams; those to a `model` have the gateway's.");
    static final Key.Value<Integer> ATTEMPTS =
            new Key.Value<>(
                    "attempts",
                    ValueTypes.whole(1, 10),
                    Presence.otherwise("3"),
                    "That may reach an upstream, the first one included; a budget over all requests"
                            + " bounds them too.");
    static final Key.Value<Duration> MAX_WAIT =
            new Key.Value<>(
                    "maxWait",
                    ValueTypes.duration("0s", "1m"),
                    Presence.otherwise("1s"),
                    "The longest Retry-After of an upstream that is waited for when there is no"
                            + " other.");
    static final Key.Section RETRIES =
            new Key.Section(
                    "retries",
                    Shape.of(ATTEMPTS, MAX_WAIT),
                    Presence.otherwise("{}"),
                    "When an upstream fails or answers 408, 409, 429 or 5xx.");

    static final Shape ROUTE =
            Shape.of(
                    NAME,
                    PATH,
                    MODEL,
                    APP,
                    MODELS,
                    MATCH,
                    UPSTREAMS,
                    FALLBACK,
                    STRIP_PATH,
                    STICKY,
                    TIMEOUTS,
                    RETRIES,
                    TrafficKeys.CANARY,
                    MIRROR,
                    TrafficKeys.HEDGE,
                    TrafficKeys.BALANCE,
                    TrafficKeys.HOLD);

    static final Key.Sections ROUTES =
            new Key.Sections(
                    "routes",
                    ROUTE,
                    0,
                    1000,
                    Presence.optional(),
                    "Paths and models beside `/v2/models/NAME/infer`, which every model has.");

    private RouteKeys() {}

    private static Key.Value<Duration> duration(String name, String otherwise, String meaning) {
        return new Key.Value<>(
                name, ValueTypes.duration("10ms", "1h"), Presence.otherwise(otherwise), meaning);
    }
}
