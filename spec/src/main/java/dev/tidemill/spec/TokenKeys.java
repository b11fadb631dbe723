package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The keys of a gateway's `access.jwt`.
final class TokenKeys {
    static final List<String> DEFAULT_ALGORITHMS = List.of("RS256", "ES256");

    private static final Pattern WORD = Pattern.compile("[!-~&&[^\"\\\\]]{1,200}");

    static final Key.Value<URI> ISSUER =
            new Key.Value<>(
                    "issuer",
                    GatewayTypes.url(),
                    Presence.required(),
                    "What `iss` of its tokens is, to the letter.");
    static final Key.Values<String> AUDIENCE =
            new Key.Values<>(
                    "audience",
                    word("an audience such as tidemill"),
                    20,
                    "One of them is in `aud` of its tokens. Required.");
    static final Key.Value<URI> JWKS =
            new Key.Value<>(
                    "jwks",
                    GatewayTypes.url(),
                    Presence.optional("where ISSUER/.well-known/openid-configuration says"),
                    "Where its keys are, by https or on this machine. They are asked for when they"
                            + " are first needed, every five minutes, and when a token names another.");
    static final Key.Values<String> ALGORITHMS =
            new Key.Values<>(
                    "algorithms",
                    ValueTypes.choice(
                            Stream.of(
                                            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
                                            "ES256", "ES384", "ES512")
                                    .map(name -> Map.entry(name, name))
                                    .toList()),
                    9,
                    "That its tokens may be signed by; RS256 and ES256 when none are named.");
    static final Key.Value<Duration> LEEWAY =
            new Key.Value<>(
                    "leeway",
                    ValueTypes.duration("0s", "5m"),
                    Presence.otherwise("30s"),
                    "By which its clock and this one may differ, for `exp` and `nbf`.");
    static final Key.Value<String> USER =
            new Key.Value<>(
                    "user",
                    word("the name of a claim such as sub or resource.roles"),
                    Presence.otherwise("sub"),
                    "Who it is: what `key` is for limits and logs, with `user:` before it."
                            + " Users and teams of two issuers, and of the file, are never the same"
                            + " ones; rules that name some mean those of all.");
    static final Key.Value<String> TEAM =
            new Key.Value<>(
                    "team",
                    word("the name of a claim such as sub or resource.roles"),
                    Presence.optional(),
                    "Whom the user belongs to.");
    static final Key.Value<String> SCOPES =
            new Key.Value<>(
                    "scopes",
                    word("the name of a claim such as sub or resource.roles"),
                    Presence.otherwise("scope"),
                    "Words, or a list: `model:NAME` and `route:NAME` are what the user may use; all"
                            + " where there is none of them.");
    static final Key.Section CLAIMS =
            new Key.Section(
                    "claims",
                    Shape.of(USER, TEAM, SCOPES),
                    Presence.otherwise("{}"),
                    "Where tokens say what; `a.b` is `b` within `a`.");
    static final Key.Value<String> REQUIRED_SCOPE =
            new Key.Value<>(
                    "requiredScope",
                    word("a scope such as tidemill"),
                    Presence.optional(),
                    "Without which a token is answered with 403.");
    static final Key.Value<Boolean> ALLOW_PRIVATE =
            new Key.Value<>(
                    "allowPrivate",
                    ValueTypes.choice(List.of(Map.entry("false", false), Map.entry("true", true))),
                    Presence.otherwise("false"),
                    "Whether its keys may come without TLS, and from a private address that only"
                            + " its own document names.");
    static final Key.Sections JWT =
            new Key.Sections(
                    "jwt",
                    Shape.of(
                            ISSUER,
                            AUDIENCE,
                            JWKS,
                            ALGORITHMS,
                            LEEWAY,
                            CLAIMS,
                            REQUIRED_SCOPE,
                            ALLOW_PRIVATE),
                    0,
                    10,
                    Presence.optional("no token is believed"),
                    "Issuers (OpenID Connect servers) whose tokens are as good as keys, by"
                            + " `Authorization: Bearer TOKEN`.");

    private TokenKeys() {}

    private static ValueType<String> word(String expected) {
        return ValueTypes.matching(expected, "unnamed", text -> WORD.matcher(text).matches())
                .as(new Form.Text(200, "[!#-\\[\\]-~]{1,200}"));
    }
}
