package dev.tidemill.cli.importing;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// The virtual environments in which converters run, one a set of requirements, made once.
final class Venv {
    private static final String READY = "tidemill-ready";
    private static final Duration MAKING = Duration.ofMinutes(3);
    private static final Pattern LARGE =
            Pattern.compile("\\s*Downloading (\\S+) \\((\\d{3,}\\.\\d MB|.* GB)\\)");

    private final Path parent;
    private final PythonProcess processes;
    private final Consumer<String> progress;

    /// @param parent where they are kept
    /// @param progress gets a line when something takes long
    Venv(Path parent, PythonProcess processes, Consumer<String> progress) {
        this.parent = parent;
        this.processes = processes;
        this.progress = progress;
    }

    /// The Python of an environment with these requirements.
    ///
    /// @throws TidemillException `UNAVAILABLE` when the packages cannot be had
    String with(ModelKind kind, Requirements requirements, PythonProbe python, Duration limit)
            throws IOException {
        Path folder = parent.resolve(name(kind, requirements, python));
        Files.createDirectories(parent);
        // Two imports at once would install into the same folder.
        try (FileChannel channel =
                        FileChannel.open(
                                parent.resolve(folder.getFileName() + ".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (Files.exists(folder.resolve(READY))) {
                progress.accept("the environment %s is there already".formatted(folder));
                return program(folder);
            }
            progress.accept("making the environment %s".formatted(folder));
            Folders.delete(folder);
            make(folder, python);
            install(folder, requirements, limit);
            Files.createFile(folder.resolve(READY));
            return program(folder);
        }
    }

    /// Where a virtual environment has its Python.
    static String program(Path folder) {
        return folder.resolve("bin").resolve("python").toString();
    }

    private static String name(ModelKind kind, Requirements requirements, PythonProbe python) {
        byte[] content =
                (String.join("\n", requirements.lines()) + "\n" + python.program())
                        .getBytes(StandardCharsets.UTF_8);
        String version = python.version().map(PythonVersion::toString).orElse("");
        return "%s-python%s-%s"
                .formatted(
                        kind.environment(), version, Digest.of(content).shortHex().substring(0, 8));
    }

    private void make(Path folder, PythonProbe python) {
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        int code =
                processes.run(
                        "python -m venv",
                        List.of(python.program(), "-m", "venv", folder.toString()),
                        MAKING,
                        said::add,
                        said::add);
        if (code != 0) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "python: '%s' (expected: one that makes virtual environments; %s)"
                            .formatted(python.program(), String.join(" ", said)));
        }
    }

    private void install(Path folder, Requirements requirements, Duration limit)
            throws IOException {
        Path list = folder.resolve("requirements.txt");
        Files.write(list, requirements.lines());
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        // Where from is for the user's own configuration of pip to say.
        int code =
                processes.run(
                        "pip install",
                        List.of(
                                program(folder),
                                "-m",
                                "pip",
                                "install",
                                "--disable-pip-version-check",
                                "--no-input",
                                "--progress-bar=off",
                                "--no-compile",
                                "-r",
                                list.toString()),
                        limit,
                        line -> {
                            said.add(line);
                            large(line);
                        },
                        said::add);
        if (code != 0) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE, PipFailure.message(said, processes.log().toString()));
        }
    }

    private void large(String line) {
        if (LARGE.matcher(line).matches()) {
            progress.accept(Secrets.hidden(line.strip()));
        }
    }
}
