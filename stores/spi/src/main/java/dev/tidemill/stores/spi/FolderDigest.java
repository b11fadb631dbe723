package dev.tidemill.stores.spi;

import dev.tidemill.common.Digest;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// The digest of a folder's content: SHA-256 over the sorted lines `sha256:HEX relative/path`, each
/// ended by a newline, one for every regular file below the folder. Empty folders, times and
/// permissions do not count.
public final class FolderDigest {
    private FolderDigest() {}

    public static Digest of(Path folder) throws IOException {
        return Digest.of(listing(folder).getBytes(StandardCharsets.UTF_8));
    }

    /// The text whose digest that is.
    public static String listing(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : regularFiles(folder)) {
            String relative = folder.relativize(file).toString().replace(File.separatorChar, '/');
            lines.add(Digest.of(file) + "  " + relative + "\n");
        }
        Collections.sort(lines);
        return String.join("", lines);
    }

    private static List<Path> regularFiles(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
