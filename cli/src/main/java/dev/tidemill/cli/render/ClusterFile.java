package dev.tidemill.cli.render;

import dev.tidemill.cli.up.SpecFile;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.common.TidemillException;
import dev.tidemill.manifests.AppObjects;
import dev.tidemill.manifests.GatewayStore;
import dev.tidemill.manifests.Platform;
import dev.tidemill.manifests.SplitObjects;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Environment;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.Trainer;
import dev.tidemill.spec.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A resource file as it is on a cluster.
///
/// @param release version of this program, for the image that is meant when the file names none
public record ClusterFile(Path file, String release) {
    /// What is meant by `-e`: that environment; without it the file's only one, or none at all.
    ///
    /// @throws TidemillException `INVALID_SPEC` with all problems of the file; `NOT_FOUND` when it
    ///   has no such environment, or several and none was named
    public Platform platform(Optional<String> environment) {
        return chosen(environment).map(this::in).orElseGet(this::base);
    }

    /// What has to be trained there.
    ///
    /// @throws TidemillException `INVALID_SPEC` when one has a program of its own, which only the
    ///   operator runs
    public List<Training> trainings(Optional<String> environment) {
        List<Training> trainings =
                only(
                        chosen(environment)
                                .map(each -> SpecFile.parseIn(each.name(), file))
                                .orElseGet(() -> SpecFile.parse(file)),
                        Training.class);
        Problems problems = new Problems();
        trainings.stream()
                .filter(training -> training.trainer() == Trainer.PROGRAM)
                .map(training ->
                        new Problem(
                                training.place().of("spec.trainer"),
                                "Training/%s spec.trainer".formatted(training.name()),
                                "program",
                                "svm or logistic; a program of one's own is run by the operator:"
                                        + " kubectl apply the Training where that runs"))
                .forEach(problems::add);
        problems.throwIfAny();
        return trainings;
    }

    private Optional<Environment> chosen(Optional<String> environment) {
        List<Environment> all = environments();
        return environment.isPresent() ? Optional.of(named(environment.get(), all)) : only(all);
    }

    /// The file without its environments.
    public Platform base() {
        return platform(SpecFile.parse(file), Platform.ANY);
    }

    /// The file with that environment's patches.
    public Platform in(Environment environment) {
        return platform(SpecFile.parseIn(environment.name(), file), environment);
    }

    /// @throws TidemillException `INVALID_SPEC` with all problems of the file
    public List<Environment> environments() {
        return only(SpecFile.parse(file), Environment.class);
    }

    private Platform platform(List<Resource> parsed, Environment environment) {
        List<Resource> resources = parsed.stream().map(one -> in(environment, one)).toList();
        List<Model> models = only(resources, Model.class);
        List<App> apps = only(resources, App.class);
        Problems problems = new Problems();
        problems.addAll(AppObjects.problems(apps));
        problems.throwIfAny();
        Optional<String> config =
                only(resources, Gateway.class).stream()
                        .findFirst()
                        .map(gateway ->
                                ClusterGateway.config(
                                        gateway, models, apps, environment.network()));
        Platform platform = Platform.of(resources, environment, config, release);
        problems.addAll(SplitObjects.problems(platform));
        problems.throwIfAny();
        return platform;
    }

    private static Resource in(Environment environment, Resource resource) {
        return resource instanceof Gateway gateway
                ? GatewayStore.in(environment, gateway)
                : resource;
    }

    private static Optional<Environment> only(List<Environment> all) {
        if (all.size() > 1) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "-e: 'missing' (expected: one of %s)".formatted(names(all)));
        }
        return all.stream().findFirst();
    }

    private static Environment named(String name, List<Environment> all) {
        return all.stream()
                .filter(environment -> environment.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.NOT_FOUND,
                                "-e: '%s' (expected: %s)"
                                        .formatted(
                                                name,
                                                all.isEmpty()
                                                        ? "an Environment of the file, which has none"
                                                        : "one of " + names(all))));
    }

    private static String names(List<Environment> all) {
        return all.stream().map(Environment::name).collect(Collectors.joining(", "));
    }

    private static <T extends Resource> List<T> only(List<Resource> resources, Class<T> kind) {
        return resources.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
