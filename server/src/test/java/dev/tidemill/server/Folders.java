package dev.tidemill.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Model folders in Triton's layout.
final class Folders {
    static final String ROW =
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,0,0,0]}]}";

    private Folders() {}

    /// @param config text of `config.pbtxt`
    static void put(Path root, String name, String version, String model, String config) {
        Path file = root.resolve(name).resolve(version).resolve("model.onnx");
        try (InputStream in = Folders.class.getResourceAsStream("/models/" + model + ".onnx")) {
            Files.createDirectories(file.getParent());
            Files.writeString(root.resolve(name).resolve("config.pbtxt"), config);
            Files.copy(
                    Objects.requireNonNull(in, model), file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All of a folder's models, from the start.
    static RepositoryConfig served(Path root) {
        return served(root, "none");
    }

    /// @param mode `none`, `poll`, which looks often, or `explicit`
    static RepositoryConfig served(Path root, String mode) {
        return new RepositoryConfig(
                List.of(root.toString()),
                Optional.of(mode),
                Optional.empty(),
                Optional.of(20L),
                Optional.empty(),
                Optional.empty());
    }
}
