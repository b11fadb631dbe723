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
        config(root, name, version, config);
        Path file = root.resolve(name).resolve(version).resolve("model.onnx");
        try (InputStream in = Folders.class.getResourceAsStream("/models/" + model + ".onnx")) {
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

    /// A model without a file of its own.
    static void config(Path root, String name, String version, String config) {
        try {
            Files.createDirectories(root.resolve(name).resolve(version));
            Files.writeString(root.resolve(name).resolve("config.pbtxt"), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A function, with parameters by turns: key, value.
    static void function(Path root, String name, String more, String... parameters) {
        StringBuilder config = new StringBuilder("backend: \"function\"\n" + more + "\n");
        for (int i = 0; i < parameters.length; i += 2) {
            config.append(
                    "parameters { key: \"%s\" value { string_value: \"%s\" } }\n"
                            .formatted(parameters[i], parameters[i + 1]));
        }
        config(root, name, "1", config.toString());
    }
}
