package dev.tidemill.spec;

import dev.tidemill.spec.cluster.ContainerKeys;
import dev.tidemill.spec.cluster.PodKeys;
import dev.tidemill.spec.cluster.ResourceKeys;
import dev.tidemill.spec.scaling.ScalingKeys;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// The keys of an `App`.
final class AppKeys {
    private static final int LONGEST = 4000;
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~%/=&?-]{0,499}");

    static final Key.Values<String> COMMAND =
            new Key.Values<>(
                    "command",
                    ValueTypes.word("a word", LONGEST),
                    100,
                    "The program and its arguments as words, which `tidemill up` runs in the folder"
                            + " of this file; `$(NAME)` is a variable of its environment, such as"
                            + " `$(PORT)`. A cluster runs `image`.");
    static final Key.Pairs<String> ENV =
            new Key.Pairs<>(
                    "env",
                    GatewayTypes.variable(),
                    ValueTypes.word("a text or a number", LONGEST),
                    "Variables of its environment. `PORT`, where to listen, and"
                            + " `TIDEMILL_GATEWAY_URL` are there anyway.");
    static final Key.Value<String> SECRET_ENV =
            new Key.Value<>(
                    "env",
                    GatewayTypes.variable(),
                    Presence.required(),
                    "The variable; `tidemill up` must have it in its own environment.");
    static final Key.Sections SECRETS =
            new Key.Sections(
                    "secrets",
                    Shape.of(SECRET_ENV, ContainerKeys.SECRET_NAME, ContainerKeys.SECRET_KEY),
                    0,
                    100,
                    Presence.optional(),
                    "Variables whose values are in no file.");
    static final Key.Value<Integer> PORT =
            new Key.Value<>(
                    "port",
                    ValueTypes.whole(1, 65_535),
                    Presence.otherwise("8080"),
                    "Where it listens for HTTP on a cluster; on one machine each replica gets a free"
                            + " port. `PORT` says which one.");
    static final Key.Value<String> HEALTH_PATH =
            new Key.Value<>(
                    "path",
                    ValueTypes.matching(
                                    "a path such as /health",
                                    "/",
                                    text -> PATH.matcher(text).matches())
                            .as(Form.matching(PATH, 500)),
                    Presence.optional("that it takes connections is enough"),
                    "Answers 200 to 399 while it can work.");
    static final Key.Value<Duration> STARTUP =
            new Key.Value<>(
                    "startup",
                    ValueTypes.duration("1s", "1h"),
                    Presence.otherwise("60s"),
                    "How long it may take until it can work for the first time.");
    static final Key.Section HEALTH =
            new Key.Section(
                    "health",
                    Shape.of(HEALTH_PATH, STARTUP),
                    Presence.otherwise("{}"),
                    "How it is seen that a replica can work.");
    static final Key.Value<Duration> GRACE_PERIOD =
            new Key.Value<>(
                    "gracePeriod",
                    ValueTypes.duration("0s", "1h"),
                    Presence.otherwise("30s"),
                    "How long a replica may finish what it has begun after SIGTERM, which it gets"
                            + " when no new requests come any more.");
    static final Key.Section RESOURCES =
            ResourceKeys.withGpu(
                    "What one replica may use; a cluster enforces it, one machine does not.");

    static final Shape SPEC =
            Shape.of(
                    COMMAND,
                    ContainerKeys.IMAGE,
                    ContainerKeys.ARGS,
                    ENV,
                    SECRETS,
                    PORT,
                    HEALTH,
                    GRACE_PERIOD,
                    RESOURCES,
                    ScalingKeys.SCALING,
                    ContainerKeys.CALLS,
                    ContainerKeys.WRITABLE,
                    ContainerKeys.USER,
                    PodKeys.POD);

    private AppKeys() {}

    /// Those that are there anyway.
    static List<String> reserved() {
        return List.of(App.PORT, App.GATEWAY_URL);
    }
}
