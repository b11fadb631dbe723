package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.TensorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The class names of outputs, a line each, in files beside the versions.
final class LabelFiles {
    private static final long MAX_BYTES = 16L << 20;

    private LabelFiles() {}

    /// @param folder of the model
    /// @return by output
    /// @throws TidemillException `INVALID_SPEC` when one cannot be read
    static Map<String, List<String>> read(ModelConfig config, Path folder) {
        Map<String, List<String>> labels = new HashMap<>();
        for (TensorConfig output : config.outputs()) {
            if (!output.labelFile().isEmpty()) {
                labels.put(output.name(), lines(folder, output));
            }
        }
        return labels;
    }

    private static List<String> lines(Path folder, TensorConfig output) {
        Path file = folder.resolve(output.labelFile()).normalize();
        try {
            FileTree.requireInside(file, folder.toRealPath());
            if (Files.size(file) <= MAX_BYTES) {
                return Files.readAllLines(file);
            }
        } catch (IOException _) {
            // said below
        }
        throw new TidemillException(
                ErrorCode.INVALID_SPEC,
                "output %s: label_filename: '%s' (expected: a text file in the model's folder)"
                        .formatted(output.name(), output.labelFile()));
    }
}
