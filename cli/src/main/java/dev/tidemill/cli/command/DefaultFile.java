package dev.tidemill.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;

/// Which resource file a command means when none is named: `tidemill.yaml` in this folder, else the
/// quickstart of the distribution.
final class DefaultFile {
    private DefaultFile() {}

    static Path find(String root) {
        Path here = Path.of("tidemill.yaml");
        return Files.exists(here) ? here : quickstart(root).resolve("tidemill.yaml");
    }

    static Path quickstart(String root) {
        return Path.of(root, "examples", "quickstart");
    }
}
