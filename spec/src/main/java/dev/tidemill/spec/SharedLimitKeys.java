package dev.tidemill.spec;

import dev.tidemill.spec.cluster.StateTypes;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of a gateway's `limits.shared`.
final class SharedLimitKeys {
    static final Key.Value<URI> REDIS =
            new Key.Value<>(
                    "redis",
                    StateTypes.redis(),
                    Presence.required(),
                    "A Redis (6.2 or newer), or another server of its protocol with Lua.");
    static final Key.Value<String> USER =
            new Key.Value<>(
                    "user",
                    ValueTypes.text("a name", 200),
                    Presence.optional("Redis's default user"),
                    "Of the Redis; with `password`.");
    static final Key.Value<String> ENV =
            new Key.Value<>(
                    "env",
                    GatewayTypes.variable(),
                    Presence.optional("one of `env` or `file`"),
                    "Environment variable with the password.");
    static final Key.Value<String> FILE =
            new Key.Value<>(
                    "file",
                    ValueTypes.text("a path", 1000),
                    Presence.optional(),
                    "File with the password; relative to the folder of this file.");
    static final Key.Section PASSWORD =
            new Key.Section("password", Shape.of(ENV, FILE), Presence.optional(), "Of the Redis.");
    static final Key.Value<Duration> TIMEOUT =
            new Key.Value<>(
                    "timeout",
                    ValueTypes.duration("5ms", "5s"),
                    Presence.otherwise("50ms"),
                    "How long a request waits for it. After three failures in a row none does,"
                            + " until it answers again.");
    static final Key.Value<Boolean> WHEN_LOST =
            new Key.Value<>(
                    "whenLost",
                    ValueTypes.choice(
                            List.of(Map.entry("failOpen", true), Map.entry("failClosed", false))),
                    Presence.otherwise("failOpen"),
                    "While it does not answer: `failOpen`: each gateway has the whole limit for"
                            + " itself; `failClosed`: what is limited is answered with 503.");
    static final Key.Section SHARED =
            new Key.Section(
                    "shared",
                    Shape.of(REDIS, USER, PASSWORD, TIMEOUT, WHEN_LOST),
                    Presence.optional("each gateway has the whole limit for itself"),
                    "Lets gateways of one name have `rates` together, budgets included, and lets"
                            + " these outlive them.");

    private SharedLimitKeys() {}
}
