package dev.tidemill.spec;

import dev.tidemill.spec.cluster.ContainerSettings;
import dev.tidemill.spec.cluster.PodSettings;
import dev.tidemill.spec.scaling.Scaling;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A stateless program of anybody's, such as a portal or an API, that listens for HTTP and runs as
/// replicas: as processes on one machine, as containers on a cluster.
///
/// @param command what one machine runs; empty for one that only a cluster runs
/// @param env what it finds in its environment, in the order of the file
/// @param secrets what it finds there too, and no file says
/// @param port where it listens on a cluster; on one machine each replica has one of its own
/// @param gracePeriod from the request to end until it is killed
/// @param container how it runs on a cluster
/// @param pod where it runs on a cluster
public record App(
        Metadata metadata,
        Place place,
        List<String> command,
        Map<String, String> env,
        List<Secret> secrets,
        int port,
        Health health,
        Duration gracePeriod,
        ModelResources resources,
        Scaling scaling,
        ContainerSettings container,
        PodSettings pod)
        implements Resource {
    /// The variable that says where to listen.
    public static final String PORT = "PORT";

    /// The variable that says where the gateway is.
    public static final String GATEWAY_URL = "TIDEMILL_GATEWAY_URL";

    private static final Pattern VARIABLE = Pattern.compile("\\$(\\$|\\(([A-Za-z_]\\w*)\\))");

    public App {
        command = List.copyOf(command);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
        secrets = List.copyOf(secrets);
    }

    /// A variable whose value is a secret.
    ///
    /// @param env the variable: what starts it on one machine has it too
    /// @param secretName of a Secret on a cluster; the app's own when empty
    /// @param key in that Secret; the variable's name when empty
    public record Secret(String env, Optional<String> secretName, Optional<String> key) {}

    /// How it says that it can work.
    ///
    /// @param path that answers 200 to 399; empty: that it takes connections is enough
    /// @param startup how long it may take until then
    public record Health(Optional<String> path, Duration startup) {}

    /// Words in which `$(NAME)` became the value of a variable, as Kubernetes does it: one that is
    /// not there stays as it is written, and `$$` is a dollar sign.
    public static List<String> filled(List<String> words, Map<String, String> variables) {
        return words.stream().map(word -> filled(word, variables)).toList();
    }

    private static String filled(String word, Map<String, String> variables) {
        return VARIABLE.matcher(word)
                .replaceAll(found -> {
                    String name = found.group(2);
                    String value = name == null ? "$" : variables.getOrDefault(name, found.group());
                    return Matcher.quoteReplacement(value);
                });
    }
}
