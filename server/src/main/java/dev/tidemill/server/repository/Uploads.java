package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of models that came with requests, in temporary folders.
final class Uploads implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Uploads.class.getName());
    private static final String PREFIX = "file:";
    private static final int MAX_DEPTH = 8;

    /// Of one name, as file systems have it.
    private static final int MAX_NAME_BYTES = 255;

    private final Map<String, Path> current = new HashMap<>();

    /// The files of a request by their places in the model's folder.
    ///
    /// @param files by `file:1/model.onnx` and the like
    /// @throws TidemillException `INVALID_REQUEST` when a name is none, or two cannot both be
    static Map<Path, byte[]> checked(Map<String, byte[]> files) {
        Map<Path, byte[]> byPlace = new TreeMap<>();
        files.forEach((key, content) -> {
            if (byPlace.put(relative(key), content) != null) {
                throw wrong(key, "each file once");
            }
        });
        for (Path place : byPlace.keySet()) {
            for (Path above = place.getParent(); above != null; above = above.getParent()) {
                if (byPlace.containsKey(above)) {
                    throw wrong(
                            PREFIX + above, "a folder, because of %s%s".formatted(PREFIX, place));
                }
            }
        }
        return byPlace;
    }

    /// Writes a model's files.
    ///
    /// @param files that [#checked] has let pass
    /// @return the real path of the folder that has them
    static Path write(Map<Path, byte[]> files) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("tidemill-model-").toRealPath();
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                Path target = folder.resolve(file.getKey());
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
                        && path.getNameCount() <= MAX_DEPTH
                        && areShort(path)) {
                    return path;
                }
            }
        } catch (InvalidPathException _) {
            // said below
        }
        throw wrong(key, "config, or a file such as file:1/model.onnx");
    }

    private static boolean areShort(Path path) {
        for (Path name : path) {
            if (name.toString().getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                return false;
            }
        }
        return true;
    }

    private static TidemillException wrong(String key, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "parameters: '%s' (expected: %s)".formatted(key, expected));
    }
}
