package dev.tidemill.control.training;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelRuntime;
import java.nio.file.Path;
import java.util.Optional;

/// An ONNX file that somebody sends. What cannot be served is not registered.
public final class SentModel {
    private SentModel() {}

    /// What the file says of itself.
    ///
    /// @throws TidemillException `INVALID_REQUEST` when it is no model that can be served
    public static ModelManifest manifest(ModelRuntime runtime, Path file) {
        return manifest(runtime, file, "");
    }

    /// @param manifest that came with the file, as JSON; empty for what the file says of itself
    static ModelManifest manifest(ModelRuntime runtime, Path file, String manifest) {
        Optional<ModelManifest> given =
                manifest.isEmpty() ? Optional.empty() : Optional.of(SentManifest.read(manifest));
        try (LoadedModel model = load(runtime, file)) {
            if (model.inputs().isEmpty()) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST,
                        "model: 'no inputs' (expected: a model that takes something)");
            }
            return given.map(said -> SentManifest.fitting(said, model))
                    .orElseGet(() -> EmbeddedLabels.in(model.metadata(), model.outputs()));
        }
    }

    private static LoadedModel load(ModelRuntime runtime, Path file) {
        try {
            return runtime.load(file);
        } catch (TidemillException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "body: 'unusable' (expected: an ONNX model; %s)".formatted(e.getMessage()),
                    e);
        }
    }
}
