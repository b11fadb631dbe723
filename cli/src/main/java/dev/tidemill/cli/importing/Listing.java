package dev.tidemill.cli.importing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The names of what somebody wants to import.
///
/// @param name of the file or folder
/// @param folder whether it is one
/// @param files relative to the folder, with `/`, sorted; for a file the file itself
record Listing(String name, boolean folder, List<String> files) {
    private static final int DEPTH = 3;
    private static final int MOST = 5000;

    Listing {
        files = List.copyOf(files);
    }

    static Listing of(Path source) {
        String name = String.valueOf(source.toAbsolutePath().normalize().getFileName());
        if (Files.isRegularFile(source)) {
            return new Listing(name, false, List.of(name));
        }
        if (!Files.isDirectory(source)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "model: '%s' (expected: a file or folder that exists)".formatted(source));
        }
        try (Stream<Path> all = Files.walk(source, DEPTH)) {
            List<String> files =
                    all.filter(Files::isRegularFile)
                            .limit(MOST)
                            .map(file -> source.relativize(file).toString().replace('\\', '/'))
                            .sorted()
                            .toList();
            return new Listing(name, true, files);
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "model: '%s' (expected: a folder that can be read)".formatted(source),
                    e);
        }
    }

    boolean has(String file) {
        return files.contains(file);
    }

    List<String> endingWith(List<String> endings) {
        return files.stream().filter(file -> endings.stream().anyMatch(file::endsWith)).toList();
    }
}
