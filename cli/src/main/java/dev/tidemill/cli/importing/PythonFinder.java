package dev.tidemill.cli.importing;

import dev.tidemill.common.TidemillException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks for Pythons where people have them, and asks each for its version.
final class PythonFinder {
    private static final List<String> NAMES =
            List.of(
                    "python3",
                    "python3.13",
                    "python3.12",
                    "python3.11",
                    "python3.10",
                    "python3.9",
                    "python");
    private static final Pattern ANSWER = Pattern.compile("tidemill (\\d{1,4}) (\\d{1,4})");
    private static final String QUESTION =
            "import sys, venv, ensurepip; print('tidemill', sys.version_info[0], sys.version_info[1])";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final PythonProcess processes;
    private final Map<String, String> environment;
    private final Path home;

    /// @param environment of this process
    /// @param home the user's folder
    PythonFinder(PythonProcess processes, Map<String, String> environment, Path home) {
        this.processes = processes;
        this.environment = Map.copyOf(environment);
        this.home = home;
    }

    /// Every candidate with what came of it, the preferred ones first.
    ///
    /// @param named by the user: then no other is tried
    List<PythonProbe> probe(Optional<String> named) {
        Optional<String> only =
                named.or(() -> Optional.ofNullable(environment.get("TIDEMILL_PYTHON")));
        List<String> candidates = only.map(List::of).orElseGet(this::candidates);
        return candidates.stream().map(this::ask).toList();
    }

    /// Asks one.
    PythonProbe ask(String program) {
        List<String> said = new ArrayList<>();
        int code;
        try {
            code = processes.run(program, List.of(program, "-c", QUESTION), LIMIT, said::add);
        } catch (UncheckedIOException | TidemillException e) {
            return PythonProbe.useless(program, String.valueOf(e.getMessage()));
        }
        Matcher answer = ANSWER.matcher(String.join("\n", said));
        if (code != 0 || !answer.find()) {
            return PythonProbe.useless(
                    program,
                    "does not run, or has no venv and ensurepip (on Debian: apt install python3-venv)");
        }
        return PythonProbe.usable(
                program,
                new PythonVersion(
                        Integer.parseInt(answer.group(1)), Integer.parseInt(answer.group(2))));
    }

    private List<String> candidates() {
        List<String> found = new ArrayList<>();
        String[] folders = environment.getOrDefault("PATH", "").split(File.pathSeparator);
        for (String name : NAMES) {
            Stream.of(folders)
                    .filter(folder -> !folder.isEmpty())
                    .map(folder -> Path.of(folder, name))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .ifPresent(program -> found.add(program.toString()));
        }
        found.addAll(versionsOf(home.resolve(".pyenv").resolve("versions")));
        return found;
    }

    /// Version managers keep more than is on the PATH.
    private static List<String> versionsOf(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> versions = Files.list(folder)) {
            return versions.filter(version -> version.getFileName().toString().startsWith("3."))
                    .map(version -> version.resolve("bin").resolve("python3"))
                    .filter(Files::isExecutable)
                    .sorted(Comparator.reverseOrder())
                    .map(Path::toString)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
