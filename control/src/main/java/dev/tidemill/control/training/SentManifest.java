package dev.tidemill.control.training;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.runtimes.spi.TextFeatures;
import java.util.List;
import tools.jackson.core.JacksonException;

/// What somebody says of the model that they send. A server refuses to load a version whose
/// manifest does not fit its model, so that none may be registered.
final class SentManifest {
    private SentManifest() {}

    /// @throws TidemillException `INVALID_REQUEST` for what is no manifest of an ONNX file
    static ModelManifest read(String json) {
        ModelManifest manifest = parse(json);
        if (!manifest.format().equals(ModelFolder.FORMAT)
                || !manifest.file().equals(ModelFolder.MODEL)) {
            throw invalid(
                    "'other' (expected: format %s and file %s)"
                            .formatted(ModelFolder.FORMAT, ModelFolder.MODEL));
        }
        if (!manifest.samples().isEmpty()) {
            throw invalid("'samples' (expected: none; they are for models that are trained here)");
        }
        return manifest;
    }

    /// @throws TidemillException `INVALID_REQUEST` for labels or text features that do not fit
    static ModelManifest fitting(ModelManifest manifest, LoadedModel model) {
        manifest.features()
                .filter(features -> !fits(features, model.inputs()))
                .ifPresent(features -> {
                    throw invalid(
                            "'features' (expected: a model with one input of FP32 [-1, %d])"
                                    .formatted(features.buckets()));
                });
        try {
            return EmbeddedLabels.fitting(manifest, model.outputs());
        } catch (TidemillException e) {
            throw new TidemillException(
                    e.code(), "%s: %s".formatted(ModelManifest.FILE, e.getMessage()), e);
        }
    }

    private static ModelManifest parse(String json) {
        try {
            ModelManifest manifest = Json.MAPPER.readValue(json, ModelManifest.class);
            if (manifest != null) {
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
        throw invalid("'null' (expected: a JSON object)");
    }

    /// As a server turns texts into what the model takes.
    private static boolean fits(TextFeatures features, List<TensorSpec> inputs) {
        TensorSpec fed = inputs.getFirst();
        return inputs.size() == 1
                && fed.type() == DataType.FP32
                && fed.shape().size() == 2
                && fed.shape().getFirst() < 0
                && (fed.shape().getLast() < 0 || fed.shape().getLast() == features.buckets());
    }

    private static TidemillException invalid(String message) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST, "%s: %s".formatted(ModelManifest.FILE, message));
    }
}
