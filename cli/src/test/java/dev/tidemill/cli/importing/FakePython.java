package dev.tidemill.cli.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A shell script that behaves as the Python that a test wants: it makes virtual environments that
/// are copies of itself, installs nothing, and converts by printing lines.
final class FakePython {
    private static final String SCRIPT =
            """
            #!/bin/sh
            # What was asked is noted; the parts that tests change lie beside.
            here='%s'
            echo "$*" >>"$here/asked"
            case "$1 $2" in
            "-c "*) . "$here/version" ;;
            "-m venv") mkdir -p "$3/bin" && cp "$here/python3" "$3/bin/python" ;;
            "-m pip") . "$here/pip" ;;
            *)
                case "$2" in
                inspect) . "$here/inspect" ;;
                convert)
                    model=$(sed 's/.*"output":"\\([^"]*\\)".*/\\1/' "$3")
                    . "$here/convert"
                    ;;
                esac
                ;;
            esac
            """;

    private final Path folder;

    private FakePython(Path folder) {
        this.folder = folder;
    }

    /// One that does everything right.
    static FakePython in(Path folder) throws IOException {
        Files.createDirectories(folder);
        FakePython python = new FakePython(folder);
        Files.writeString(python.program(), SCRIPT.formatted(folder));
        Files.setPosixFilePermissions(
                python.program(), PosixFilePermissions.fromString("rwxr-xr-x"));
        python.on("version", "echo tidemill 3 11");
        python.on("pip", "echo Successfully installed");
        python.on("inspect", says("{\"event\":\"result\",\"format\":\"pickle\"}"));
        python.converts(agreeing());
        return python;
    }

    Path program() {
        return folder.resolve("python3");
    }

    /// Replaces what it does when asked for `part`.
    void on(String part, String commands) throws IOException {
        Files.writeString(folder.resolve(part), commands + "\n");
    }

    /// Writes a file and prints these lines.
    void converts(String... lines) throws IOException {
        StringBuilder commands = new StringBuilder("echo model >\"$model\"\n");
        for (String line : lines) {
            commands.append(says(line)).append('\n');
        }
        on("convert", commands.toString());
    }

    static String says(String line) {
        return "echo '%s'".formatted(line);
    }

    static String[] agreeing() {
        return new String[] {
            "{\"event\":\"step\",\"text\":\"loaded\"}",
            "a line that a library prints",
            difference(1e-7),
            "{\"event\":\"result\",\"labels\":[\"no\",\"yes\"],\"scores\":\"p\",\"versions\":{\"fake\":\"1\"}}"
        };
    }

    static String difference(double by) {
        return "{\"event\":\"difference\",\"output\":\"p\",\"batch\":1,\"elements\":2,\"maxAbs\":%s,\"maxRel\":%s,\"worst\":%s,\"mismatches\":0}"
                .formatted(by, by, by);
    }

    /// How often it was started with these words.
    long asked(String words) throws IOException {
        return Files.readAllLines(folder.resolve("asked")).stream()
                .filter(line -> line.contains(words))
                .count();
    }
}
