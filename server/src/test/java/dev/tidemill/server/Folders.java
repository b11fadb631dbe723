package dev.tidemill.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

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
}
