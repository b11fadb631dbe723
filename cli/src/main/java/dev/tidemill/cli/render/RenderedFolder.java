package dev.tidemill.cli.render;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Writes a set of files to a folder. What an earlier time wrote and this one does not is removed;
/// files of anybody else are left alone.
public record RenderedFolder(Path folder) {
    private static final String LIST = ".tidemill-rendered";

    /// @param files content by path inside the folder
    public void write(Map<String, String> files) {
        try {
            Files.createDirectories(folder);
            Path list = folder.resolve(LIST);
            if (Files.exists(list)) {
                try (Stream<String> before = Files.readAllLines(list).stream()) {
                    for (String path : before.filter(path -> !files.containsKey(path)).toList()) {
                        remove(path);
                    }
                }
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            Files.writeString(list, String.join("\n", new TreeSet<>(files.keySet())) + "\n");
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--out: '%s' (expected: a folder that can be written: %s)".formatted(folder, e),
                    e);
        }
    }

    private void remove(String path) throws IOException {
        Path file = folder.resolve(path).normalize();
        if (file.startsWith(folder.normalize())) {
            Files.deleteIfExists(file);
        }
    }
}
