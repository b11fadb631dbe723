package dev.tidemill.spec.cluster;

import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import dev.tidemill.spec.yaml.YamlNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The keys of an app that only a cluster reads.
public final class ContainerKeys {
    private static final Pattern FOLDER = Pattern.compile("(/[A-Za-z0-9._-]{1,100})+");
    private static final Pattern SECRET_KEY_NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern SERVER =
            Pattern.compile("[a-z][a-z0-9+.-]{0,30}://[A-Za-z0-9.-]{1,253}(:\\d{1,5})?");

    /// Where a server listens when a URL does not say.
    private static final Map<String, Integer> PORTS =
            Map.ofEntries(
                    Map.entry("http", 80),
                    Map.entry("https", 443),
                    Map.entry("redis", 6379),
                    Map.entry("rediss", 6379),
                    Map.entry("postgres", 5432),
                    Map.entry("postgresql", 5432),
                    Map.entry("mysql", 3306),
                    Map.entry("mongodb", 27_017),
                    Map.entry("amqp", 5672),
                    Map.entry("amqps", 5671));

    /// As in our own image.
    private static final String USER_ID = "10001";

    public static final Key.Value<String> IMAGE =
            new Key.Value<>(
                    "image",
                    ClusterTypes.image(),
                    Presence.optional("it runs on no cluster"),
                    "On Kubernetes: what runs, by the image's own entry point. `tidemill up` runs"
                            + " `command`.");
    public static final Key.Values<String> ARGS =
            new Key.Values<>(
                    "args",
                    ValueTypes.word("a word", 4000),
                    100,
                    "On Kubernetes: arguments for the image's entry point; `$(NAME)` is a variable of"
                            + " its environment.");
    public static final Key.Value<String> SECRET_NAME =
            new Key.Value<>(
                    "secretName",
                    ClusterTypes.subdomain("portal-keys"),
                    Presence.optional("`NAME-app-keys`"),
                    "On Kubernetes: the Secret that has the value.");
    public static final Key.Value<String> SECRET_KEY =
            new Key.Value<>(
                    "key",
                    ValueTypes.matching(
                                    "a key of a Secret such as password",
                                    "key",
                                    text -> SECRET_KEY_NAME.matcher(text).matches())
                            .as(Form.matching(SECRET_KEY_NAME, 253)),
                    Presence.optional("the variable's name"),
                    "In that Secret.");
    public static final Key.Values<URI> CALLS =
            new Key.Values<>(
                    "calls",
                    server(),
                    100,
                    "On Kubernetes: servers that it may reach beside the gateway; all else is denied"
                            + " by its NetworkPolicy.");
    public static final Key.Values<String> WRITABLE =
            new Key.Values<>(
                    "writable",
                    ValueTypes.matching(
                                    "a folder such as /var/cache/portal",
                                    "/tmp",
                                    text ->
                                            FOLDER.matcher(text).matches()
                                                    && !text.contains("/../")
                                                    && !text.endsWith("/.."))
                            .as(Form.matching(FOLDER, 2000)),
                    20,
                    "On Kubernetes: folders that it may write to beside /tmp, empty in each new pod;"
                            + " the rest of its file system is read-only.");
    public static final Key.Value<Integer> USER =
            new Key.Value<>(
                    "user",
                    ValueTypes.whole(1, Integer.MAX_VALUE),
                    Presence.otherwise(USER_ID),
                    "On Kubernetes: whom it runs as, by number; never root.");

    private ContainerKeys() {}

    public static ContainerSettings read(MappingCursor app) {
        return new ContainerSettings(
                app.find(IMAGE),
                app.items(ARGS).stream().map(Located::value).toList(),
                app.get(USER),
                app.items(WRITABLE).stream().map(Located::value).distinct().toList(),
                app.items(CALLS).stream().map(Located::value).toList());
    }

    private static ValueType<URI> server() {
        return new ValueType<>(
                        "a server such as https://api.example.com or postgresql://db.data.svc:5432",
                        URI.create("http://127.0.0.1:80"),
                        ContainerKeys::withPort)
                .as(Form.matching(SERVER, 300));
    }

    private static Optional<URI> withPort(YamlNode.Scalar scalar) {
        if (!SERVER.matcher(scalar.text()).matches()) {
            return Optional.empty();
        }
        try {
            URI given = new URI(scalar.text());
            int port =
                    given.getPort() > 0
                            ? given.getPort()
                            : PORTS.getOrDefault(given.getScheme(), 0);
            return given.getHost() == null || port < 1 || port > 65_535
                    ? Optional.empty()
                    : Optional.of(
                            URI.create(
                                    "%s://%s:%d"
                                            .formatted(given.getScheme(), given.getHost(), port)));
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }
}
