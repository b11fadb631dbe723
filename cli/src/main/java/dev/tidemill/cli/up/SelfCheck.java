package dev.tidemill.cli.up;

import dev.tidemill.client.inference.InferenceAnswer;
import dev.tidemill.client.inference.InferenceClient;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelManifest.Sample;
import dev.tidemill.runtimes.spi.TextFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Asks every served model, through the gateway, for a prediction whose answer is known.
final class SelfCheck {
    private final InferenceClient client;

    SelfCheck(InferenceClient client) {
        this.client = client;
    }

    /// @return a sentence about the prediction
    /// @throws TidemillException when the answer is wrong or does not come
    String check(ServedModel model) {
        ModelManifest manifest = manifest(model);
        if (manifest.samples().isEmpty()) {
            return "has no sample to check itself with";
        }
        Sample sample = manifest.samples().getFirst();
        InferenceAnswer answer =
                manifest.features().isPresent()
                        ? client.inferText(model.name(), TextFeatures.INPUT, sample.text())
                        : client.inferRow(model.name(), "input", sample.row());
        String label = answer.label().orElse("");
        if (!label.equals(sample.label())) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "%s version %d: first prediction: '%s' (expected: '%s')"
                            .formatted(model.name(), model.version(), label, sample.label()));
        }
        return "version %d predicts '%s', as it should".formatted(model.version(), label);
    }

    private static ModelManifest manifest(ServedModel model) {
        try {
            return JsonMapper.shared()
                    .readValue(
                            Files.readAllBytes(Path.of(model.path(), ModelManifest.FILE)),
                            ModelManifest.class);
        } catch (IOException | JacksonException e) {
            throw new TidemillException(
                    ErrorCode.CORRUPT_ARTIFACT,
                    "%s: '%s' (expected: a readable %s)"
                            .formatted(model.name(), model.path(), ModelManifest.FILE),
                    e);
        }
    }
}
