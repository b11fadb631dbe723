package dev.tidemill.control;

import dev.tidemill.stores.postgres.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/// PostgreSQL's programs and an empty database, unpacked and made once for all tests here: that
/// takes longer than the rest of a start. Each test has a server and data of its own all the same.
final class UnpackedPostgres {
    static final String MIGRATIONS = "dev/tidemill/control/migrations";

    private static final Path ONCE = Path.of("target", "postgres").toAbsolutePath();

    private UnpackedPostgres() {}

    /// @param folder that a [LocalPostgres] will be started in for the first time
    static void linkInto(Path folder) throws IOException {
        if (!Files.isDirectory(ONCE.resolve("bin"))) {
            LocalPostgres.start(ONCE, MIGRATIONS).close();
        }
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve("bin"), ONCE.resolve("bin"));
        copy(ONCE.resolve("data"), folder.resolve("data"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                // PostgreSQL wants its folders for itself alone.
                Files.copy(
                        path,
                        to.resolve(from.relativize(path)),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
