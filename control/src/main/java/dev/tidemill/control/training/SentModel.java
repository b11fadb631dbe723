package dev.tidemill.control.training;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelRuntime;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

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
        try (LoadedModel model = runtime.load(file)) {
            if (model.inputs().isEmpty()) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST,
                        "model: 'no inputs' (expected: a model that takes something)");
            }
            return manifest.isEmpty()
                    ? EmbeddedLabels.in(model.metadata(), model.outputs())
                    : EmbeddedLabels.fitting(read(manifest), model.outputs());
        } catch (TidemillException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "body: 'unusable' (expected: an ONNX model; %s)".formatted(e.getMessage()),
                    e);
        }
    }

    private static ModelManifest read(String json) {
        try {
            ModelManifest manifest = Json.MAPPER.readValue(json, ModelManifest.class);
            if (manifest.format().equals(ModelFolder.FORMAT)
                    && manifest.file().equals(ModelFolder.MODEL)) {
                return manifest;
            }
        } catch (JacksonException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "%s: 'unreadable' (expected: JSON with format, file, labels, scores and samples;"
                                    .formatted(ModelManifest.FILE)
                            + " %s)".formatted(e.getOriginalMessage()),
                    e);
        }
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: 'other' (expected: format %s and file %s)"
                        .formatted(ModelManifest.FILE, ModelFolder.FORMAT, ModelFolder.MODEL));
    }
}
