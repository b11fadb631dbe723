package dev.tidemill.spec;

import dev.tidemill.common.AddressRange;
import dev.tidemill.common.Digest;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The keys of a gateway's `access`.
final class AccessKeys {
    static final Key.Value<String> NAME =
            new Key.Value<>(
                    "name",
                    ValueTypes.name(),
                    Presence.required(),
                    "Of the client, for limits and logs.");
    static final Key.Value<Digest> HASH =
            new Key.Value<>(
                    "hash",
                    GatewayTypes.hash(),
                    Presence.required(),
                    "What `tidemill key` shows of a new key; the key itself is in no file.");
    static final Key.Value<Instant> EXPIRES =
            new Key.Value<>(
                    "expires",
                    GatewayTypes.instant(),
                    Presence.optional("never"),
                    "From when on it is refused.");
    static final Key.Sections SECRETS =
            new Key.Sections(
                    "secrets",
                    Shape.of(HASH, EXPIRES),
                    1,
                    4,
                    Presence.required(),
                    "All of them are this key: two, while one follows the other.");
    static final Key.Value<String> TEAM =
            new Key.Value<>(
                    "team", ValueTypes.name(), Presence.optional(), "Whom the client belongs to.");
    static final Key.Values<String> MODELS =
            new Key.Values<>(
                    "models",
                    GatewayTypes.sentModel(),
                    200,
                    "Models that the client may use; all when none are named.");
    static final Key.Values<String> ROUTES =
            new Key.Values<>(
                    "routes",
                    ValueTypes.name(),
                    200,
                    "Routes that the client may use; all when none are named.");
    static final Key.Sections KEYS =
            new Key.Sections(
                    "keys",
                    Shape.of(NAME, SECRETS, TEAM, MODELS, ROUTES),
                    0,
                    10_000,
                    Presence.optional("anybody may use the gateway"),
                    "Who may use the gateway, by `Authorization: Bearer KEY`, `x-api-key` or"
                            + " `api-key`.");

    static final Key.Value<Integer> WRONG_KEYS =
            new Key.Value<>(
                    "wrongKeysPerMinute",
                    ValueTypes.whole(1, 1_000_000),
                    Presence.otherwise("30"),
                    "Keys and tokens that are not valid, from one address (IPv6: one /64), after"
                            + " which they are answered with 429 instead of 401. Valid ones are not"
                            + " counted, and pass.");
    static final Key.Values<AddressRange> ALLOW =
            new Key.Values<>(
                    "allow",
                    GatewayTypes.addresses(),
                    1000,
                    "Addresses of clients that are let in; all when none are named.");
    static final Key.Values<AddressRange> TRUSTED_PROXIES =
            new Key.Values<>(
                    "trustedProxies",
                    GatewayTypes.addresses(),
                    100,
                    "Proxies in front, whose X-Forwarded-For says who the client is.");

    static final Key.Values<String> ORIGINS =
            new Key.Values<>(
                    "origins",
                    GatewayTypes.origin(),
                    100,
                    "Whose pages may call; with `*` without `credentials`.");
    static final Key.Values<String> METHODS =
            new Key.Values<>(
                    "methods",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("GET", "GET"),
                                    Map.entry("HEAD", "HEAD"),
                                    Map.entry("POST", "POST"),
                                    Map.entry("PUT", "PUT"),
                                    Map.entry("PATCH", "PATCH"),
                                    Map.entry("DELETE", "DELETE"))),
                    6,
                    "GET, HEAD and POST when none are named.");
    static final Key.Values<String> HEADERS =
            new Key.Values<>(
                    "headers",
                    GatewayTypes.headerName(),
                    100,
                    "Request headers that pages may set; those they ask for when none are named.");
    static final Key.Value<Boolean> CREDENTIALS =
            new Key.Value<>(
                    "credentials",
                    ValueTypes.choice(List.of(Map.entry("false", false), Map.entry("true", true))),
                    Presence.otherwise("false"),
                    "Whether pages may send cookies.");
    static final Key.Value<Duration> MAX_AGE =
            new Key.Value<>(
                    "maxAge",
                    ValueTypes.duration("0s", "1d"),
                    Presence.otherwise("10m"),
                    "How long browsers remember the answer.");
    static final Key.Section CORS =
            new Key.Section(
                    "cors",
                    Shape.of(ORIGINS, METHODS, HEADERS, CREDENTIALS, MAX_AGE),
                    Presence.optional("no page of another origin may call"),
                    "Pages in browsers that may call.");

    static final Key.Sections ADMIN_KEYS =
            new Key.Sections(
                    "adminKeys",
                    Shape.of(HASH, EXPIRES),
                    0,
                    10,
                    Presence.optional("no key is asked for, and only at this machine"),
                    "Who may give orders at the admin port (`POST /canaries/...`), by"
                            + " `Authorization: Bearer KEY`. Where that port is open to other"
                            + " machines, nobody may without one.");

    static final Key.Section ACCESS =
            new Key.Section(
                    "access",
                    Shape.of(
                            KEYS,
                            WRONG_KEYS,
                            TokenKeys.JWT,
                            ALLOW,
                            TRUSTED_PROXIES,
                            CORS,
                            ADMIN_KEYS),
                    Presence.optional("open to all"),
                    "Who may use the gateway.");

    private AccessKeys() {}
}
