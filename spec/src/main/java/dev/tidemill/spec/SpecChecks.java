package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.Problem;
import dev.tidemill.spec.yaml.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The second stage: what a file asks, against facts that only the caller knows.
public final class SpecChecks {
    private SpecChecks() {}

    /// Everything below, in the order of the file.
    public static List<Problem> check(List<Resource> resources, SpecFacts facts) {
        return check(new ParsedSpec(resources, List.of(), promisedBy(resources)), facts);
    }

    /// Everything below, in the order of the file.
    public static List<Problem> check(ParsedSpec spec, SpecFacts facts) {
        List<Problem> problems = new ArrayList<>();
        for (Resource resource : spec.resources()) {
            problems.addAll(ofMachine(resource, facts.machine()));
            problems.addAll(ofRegistry(resource, spec.promised(), facts.registry()));
        }
        problems.addAll(ofSpace(facts.machine()));
        return problems;
    }

    /// Models whose source neither a training of the file makes nor the registry has.
    public static List<Problem> checkRegistry(List<Resource> resources, RegistryFacts facts) {
        return checkRegistry(new ParsedSpec(resources, List.of(), promisedBy(resources)), facts);
    }

    /// Models whose source neither a training of the file makes nor the registry has; trainings
    /// that have problems of their own count too.
    public static List<Problem> checkRegistry(ParsedSpec spec, RegistryFacts facts) {
        return spec.resources().stream()
                .flatMap(resource -> ofRegistry(resource, spec.promised(), facts).stream())
                .toList();
    }

    /// Files that are not there, ports that are taken, a data folder without space.
    public static List<Problem> checkMachine(List<Resource> resources, MachineFacts facts) {
        List<Problem> problems = new ArrayList<>();
        resources.forEach(resource -> problems.addAll(ofMachine(resource, facts)));
        problems.addAll(ofSpace(facts));
        return problems;
    }

    private static Set<Source.Registry> promisedBy(List<Resource> resources) {
        Set<Source.Registry> promised = new HashSet<>();
        for (Resource resource : resources) {
            if (resource instanceof Training training) {
                promised.addAll(training.registers().promised());
            }
        }
        return promised;
    }

    private static List<Problem> ofMachine(Resource resource, MachineFacts facts) {
        return switch (resource) {
            case Training training when training.trainer() == Trainer.PROGRAM ->
                    List.of(
                            problem(
                                    training,
                                    "spec.trainer",
                                    "program",
                                    "svm or logistic; a program of one's own needs a cluster, where"
                                            + " the operator runs it"));
            case Training training ->
                    ofFile(resource, "spec.dataset.path", training.dataset().path(), facts);
            case Model model when model.source() instanceof Source.Path(String path) ->
                    ofFile(resource, "spec.source", path, facts);
            case Model model when model.source() instanceof Source.Image ->
                    List.of(
                            problem(
                                    resource,
                                    "spec.source",
                                    model.source().text(),
                                    "a registered model or a file; an image needs a cluster, where"
                                            + " `tidemill apply` runs it"));
            case Model _ -> List.of();
            case App app -> ofApp(app, facts);
            case Gateway gateway -> ofPort(gateway, facts);
            case Environment _ -> List.of();
        };
    }

    /// A machine runs commands; what they are given has to be there.
    private static List<Problem> ofApp(App app, MachineFacts facts) {
        if (app.command().isEmpty()) {
            return List.of(
                    problem(
                            app,
                            "spec.command",
                            "missing",
                            "a command for this machine; an app of which there is only an image needs"
                                    + " a cluster, where `tidemill apply` runs it"));
        }
        List<Problem> problems = new ArrayList<>();
        String program = app.command().getFirst();
        if (!program.contains("$(") && !facts.isProgram(program)) {
            problems.add(
                    problem(
                            app,
                            "spec.command[0]",
                            program,
                            "a program on the PATH, or the path of one such as ./portal"));
        }
        for (int i = 0; i < app.secrets().size(); i++) {
            String name = app.secrets().get(i).env();
            if (!facts.hasVariable(name)) {
                problems.add(
                        problem(
                                app,
                                "spec.secrets[%d].env".formatted(i),
                                name,
                                "a variable that is set where `tidemill up` is called"));
            }
        }
        return problems;
    }

    private static List<Problem> ofFile(
            Resource resource, String key, String path, MachineFacts facts) {
        return switch (facts.file(path)) {
            case READABLE -> List.of();
            case MISSING -> List.of(problem(resource, key, path, "an existing file"));
            case FOLDER -> List.of(problem(resource, key, path, "a file; this is a folder"));
            case UNREADABLE ->
                    List.of(problem(resource, key, path, "a file that this user may read"));
        };
    }

    private static List<Problem> ofPort(Gateway gateway, MachineFacts facts) {
        List<Problem> problems = new ArrayList<>();
        ofPort(gateway, "port", gateway.port(), facts, problems);
        gateway.grpcPort().ifPresent(port -> ofPort(gateway, "grpcPort", port, facts, problems));
        return problems;
    }

    private static void ofPort(
            Gateway gateway, String key, int port, MachineFacts facts, List<Problem> into) {
        if (port != 0 && !facts.portFree(gateway.host(), port)) {
            into.add(
                    problem(
                            gateway,
                            "spec.listeners[0]." + key,
                            Integer.toString(port),
                            "a free port on %s; it is in use".formatted(gateway.host())));
        }
    }

    private static List<Problem> ofSpace(MachineFacts facts) {
        ByteSize free = facts.freeSpace();
        ByteSize needed = facts.neededSpace();
        return free.bytes() >= needed.bytes()
                ? List.of()
                : List.of(
                        new Problem(
                                "",
                                "data folder " + facts.dataDirectory(),
                                free + " free",
                                "at least " + needed));
    }

    private static List<Problem> ofRegistry(
            Resource resource, Set<Source.Registry> promised, RegistryFacts facts) {
        if (!(resource instanceof Model model)
                || !(model.source() instanceof Source.Registry wanted)
                || promised.contains(wanted)) {
            return List.of();
        }
        return expectedInsteadOf(wanted, promised, facts)
                .map(expected -> problem(model, "spec.source", wanted.text(), expected))
                .stream()
                .toList();
    }

    /// Empty when the registry has it.
    private static Optional<String> expectedInsteadOf(
            Source.Registry wanted, Set<Source.Registry> promised, RegistryFacts facts) {
        String model = wanted.model();
        Set<String> known = new TreeSet<>(facts.models());
        promised.forEach(version -> known.add(version.model()));
        if (!known.contains(model)) {
            return Optional.of(
                    "a model that a Training here registers or the registry has"
                            + Nearest.hint(model, known));
        }
        return switch (wanted.selector()) {
            case Selector.Latest() -> Optional.empty();
            case Selector.Alias(String alias) ->
                    facts.hasAlias(model, alias)
                            ? Optional.empty()
                            : Optional.of(
                                    "an alias of '%s' that a Training here or the registry sets"
                                            .formatted(model));
            case Selector.Version(int number) ->
                    facts.hasVersion(model, number)
                            ? Optional.empty()
                            : Optional.of(
                                    "a version of '%s' that the registry has".formatted(model));
        };
    }

    private static Problem problem(Resource resource, String key, String value, String expected) {
        String path = "%s/%s %s".formatted(resource.kind(), resource.name(), key);
        return new Problem(resource.place().of(key), path, value, expected);
    }
}
