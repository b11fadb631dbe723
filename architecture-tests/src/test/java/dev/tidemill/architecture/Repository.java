package dev.tidemill.architecture;

import java.nio.file.Files;
import java.nio.file.Path;

/// The checkout that is being tested.
final class Repository {
    private Repository() {}

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs").resolve("modules.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
