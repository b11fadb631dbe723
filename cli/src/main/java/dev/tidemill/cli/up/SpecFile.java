package dev.tidemill.cli.up;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.MachineFacts;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ParsedSpec;
import dev.tidemill.spec.RegistryFacts;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.SpecChecks;
import dev.tidemill.spec.SpecFacts;
import dev.tidemill.spec.SpecParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Reads a resource file and finds everything that is wrong with it before anything starts.
public final class SpecFile {
    /// A little more than the parser takes, so that it can say that the file is too large.
    private static final int READ_LIMIT = 16 << 20;

    private SpecFile() {}

    /// @throws TidemillException with all problems of the text alone
    public static List<Resource> parse(Path file) {
        return parsed(file).orThrow();
    }

    /// As [#parse(Path)], with the patches of that environment.
    public static List<Resource> parseIn(String environment, Path file) {
        return parsed(file, environment).orThrow();
    }

    /// @param registryEmpty whether there is no registry yet, so that a model which nothing here
    ///   makes is missing for certain; otherwise that is asked once the registry runs
    /// @throws TidemillException with all problems of the text and of this machine
    public static List<Resource> check(Path file, MachineFacts machine, boolean registryEmpty) {
        ParsedSpec parsed = parsed(file);
        List<Problem> all = new ArrayList<>(parsed.problems());
        all.addAll(
                registryEmpty
                        ? SpecChecks.check(parsed, new SpecFacts(RegistryFacts.empty(), machine))
                        : SpecChecks.checkMachine(parsed.resources(), machine));
        // What the text and what the machine is wrong about is read from top to bottom.
        all.sort(Comparator.comparingInt(SpecFile::line));
        Problems problems = new Problems();
        problems.addAll(all);
        if (all.isEmpty()) {
            needed(file, parsed.resources(), problems);
        }
        problems.throwIfAny();
        return parsed.resources();
    }

    private static ParsedSpec parsed(Path file) {
        return parsed(file, "");
    }

    private static ParsedSpec parsed(Path file, String environment) {
        try (InputStream in = Files.newInputStream(file)) {
            return SpecParser.parseIn(
                    environment, file.getFileName().toString(), in.readNBytes(READ_LIMIT));
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    "file: '%s' (expected: a readable YAML file)".formatted(file),
                    e);
        }
    }

    /// Of a place such as `tidemill.yaml:12`; problems without a line come last.
    private static int line(Problem problem) {
        String digits = problem.place().substring(problem.place().lastIndexOf(':') + 1);
        return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
    }

    /// `up` serves: a file without anything that runs or without a gateway has nothing to bring up.
    private static void needed(Path file, List<Resource> resources, Problems problems) {
        String name = file.getFileName().toString();
        if (resources.stream().noneMatch(each -> each instanceof Model || each instanceof App)) {
            problems.add(new Problem(name, "kind: Model", "missing", "at least one Model or App"));
        }
        if (resources.stream().noneMatch(Gateway.class::isInstance)) {
            problems.add(new Problem(name, "kind: Gateway", "missing", "one Gateway"));
        }
    }
}
