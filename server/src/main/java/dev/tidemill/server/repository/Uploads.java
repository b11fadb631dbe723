package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of models that came with requests, in temporary folders.
final class Uploads implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Uploads.class.getName());
    private static final String PREFIX = "file:";
    private static final int MAX_DEPTH = 8;

    private final Map<String, Path> current = new HashMap<>();

    /// Writes a model's files.
    ///
    /// @param files by `file:1/model.onnx` and the like
    /// @return the real path of the folder that has them
    /// @throws TidemillException `INVALID_REQUEST` when a name is none
    static Path write(Map<String, byte[]> files) {
        files.keySet().forEach(Uploads::relative);
        Path folder = null;
        try {
            folder = Files.createTempDirectory("tidemill-model-").toRealPath();
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path target = folder.resolve(relative(file.getKey()));
                Files.createDirectories(target.getParent());
                Files.write(target, file.getValue());
            }
            return folder;
        } catch (IOException e) {
            delete(folder);
            throw new TidemillException(
                    ErrorCode.NO_SPACE, "files of the model: cannot be written: " + e, e);
        }
    }

    /// Remembers the folder that a model is served from, and deletes the one before.
    ///
    /// @param folder null when it is served from none
    void use(String model, @Nullable Path folder) {
        Path before;
        synchronized (current) {
            before = folder == null ? current.remove(model) : current.put(model, folder);
        }
        delete(before);
    }

    @Override
    public void close() {
        List<String> all;
        synchronized (current) {
            all = List.copyOf(current.keySet());
        }
        all.forEach(model -> use(model, null));
    }

    static void delete(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "cannot be deleted: " + folder, e);
        }
    }

    private static Path relative(String key) {
        try {
            if (key.startsWith(PREFIX)) {
                Path path = Path.of(key.substring(PREFIX.length()));
                if (!path.isAbsolute()
                        && !path.toString().isEmpty()
                        && path.equals(path.normalize())
                        && !path.startsWith("..")
                        && path.getNameCount() <= MAX_DEPTH) {
                    return path;
                }
            }
        } catch (InvalidPathException _) {
            // said below
        }
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "parameters: '%s' (expected: config, or a file such as file:1/model.onnx)"
                        .formatted(key));
    }
}
