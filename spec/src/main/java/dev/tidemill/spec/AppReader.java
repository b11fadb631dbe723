package dev.tidemill.spec;

import dev.tidemill.spec.cluster.ContainerKeys;
import dev.tidemill.spec.cluster.ContainerSettings;
import dev.tidemill.spec.cluster.PodKeys;
import dev.tidemill.spec.cluster.PodSettings;
import dev.tidemill.spec.cluster.ResourceKeys;
import dev.tidemill.spec.scaling.Scaling;
import dev.tidemill.spec.scaling.ScalingKeys;
import dev.tidemill.spec.scaling.ScalingReader;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the `spec` of an app.
final class AppReader {
    private AppReader() {}

    static App read(DocumentContext context, MappingCursor spec) {
        List<String> command = spec.items(AppKeys.COMMAND).stream().map(Located::value).toList();
        checkProgram(spec, command);
        Map<String, String> env = spec.pairs(AppKeys.ENV);
        for (String name : AppKeys.reserved()) {
            if (env.containsKey(name)) {
                spec.problem(AppKeys.ENV, "no %s, which is set anyway".formatted(name));
            }
        }
        MappingCursor health = spec.child(AppKeys.HEALTH);
        var resources = ResourceKeys.readWithGpu(spec.child(AppKeys.RESOURCES));
        Scaling scaling = ScalingReader.read(spec, resources.cpu());
        if (!scaling.kinds().isEmpty()) {
            spec.problem(ScalingKeys.SCALING, "no kinds, which only a Model has");
        }
        List<App.Secret> secrets = secrets(spec, env);
        ContainerSettings container = ContainerKeys.read(spec);
        PodSettings pod = PodKeys.read(spec);
        // Last, so that it has the lines of all keys.
        Place place = context.place();
        return new App(
                context.metadata(),
                place,
                command,
                env,
                secrets,
                spec.get(AppKeys.PORT),
                new App.Health(health.find(AppKeys.HEALTH_PATH), health.get(AppKeys.STARTUP)),
                spec.get(AppKeys.GRACE_PERIOD),
                resources,
                scaling,
                container,
                pod);
    }

    private static void checkProgram(MappingCursor spec, List<String> command) {
        boolean given = spec.has(AppKeys.COMMAND);
        if (given
                && spec.isSound(AppKeys.COMMAND)
                && (command.isEmpty() || command.getFirst().isBlank())) {
            spec.problem(AppKeys.COMMAND, "a program first, such as [java, -jar, portal.jar]");
        }
        if (!given && !spec.has(ContainerKeys.IMAGE)) {
            spec.problem(
                    AppKeys.COMMAND,
                    "a command, which this machine runs, or an image, which a cluster runs, or both");
        }
        if (spec.has(ContainerKeys.ARGS) && !spec.has(ContainerKeys.IMAGE)) {
            spec.problem(ContainerKeys.ARGS, "no args without an image; a command has its own");
        }
    }

    private static List<App.Secret> secrets(MappingCursor spec, Map<String, String> env) {
        List<App.Secret> secrets = new ArrayList<>();
        Set<String> taken = new HashSet<>(env.keySet());
        taken.addAll(AppKeys.reserved());
        for (MappingCursor given : spec.children(AppKeys.SECRETS)) {
            String name = given.get(AppKeys.SECRET_ENV);
            if (!taken.add(name) && given.isSound(AppKeys.SECRET_ENV)) {
                given.problem(AppKeys.SECRET_ENV, "a variable that is not set otherwise");
            }
            if (given.has(ContainerKeys.SECRET_KEY) && !given.has(ContainerKeys.SECRET_NAME)) {
                given.problem(ContainerKeys.SECRET_KEY, "no key without a secretName");
            }
            secrets.add(
                    new App.Secret(
                            name,
                            given.find(ContainerKeys.SECRET_NAME),
                            given.find(ContainerKeys.SECRET_KEY)));
        }
        return secrets;
    }
}
