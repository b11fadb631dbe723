package dev.tidemill.control.training;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The class names that a registered file carries in itself, so that they need no second upload.
final class EmbeddedLabels {
    private static final int MOST = 100_000;

    /// What the server would add, see its label output.
    private static final String LABEL = "label";

    private EmbeddedLabels() {}

    /// @param metadata of the file
    /// @throws TidemillException `INVALID_REQUEST` for labels that do not fit the outputs
    static ModelManifest in(Map<String, String> metadata, List<TensorSpec> outputs) {
        String text = metadata.get(ModelManifest.LABELS_KEY);
        if (text == null) {
            return ModelFolder.manifest(List.of(), "");
        }
        return fitting(
                ModelFolder.manifest(
                        labels(text), metadata.getOrDefault(ModelManifest.SCORES_KEY, "")),
                outputs);
    }

    /// @throws TidemillException `INVALID_REQUEST` for labels that do not fit the outputs
    static ModelManifest fitting(ModelManifest manifest, List<TensorSpec> outputs) {
        List<String> labels = manifest.labels();
        String scores = manifest.scores();
        if (!scores.isEmpty() && !fits(labels.size(), scores, outputs)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "%s: '%s' (expected: an output of %d columns of numbers, beside none named %s)"
                            .formatted(ModelManifest.SCORES_KEY, scores, labels.size(), LABEL));
        }
        return manifest;
    }

    private static List<String> labels(String text) {
        try {
            JsonNode json = JsonMapper.shared().readTree(text);
            List<String> labels = new ArrayList<>();
            boolean texts = json.isArray() && json.size() > 0 && json.size() <= MOST;
            for (JsonNode one : json) {
                texts = texts && one.isString();
                labels.add(one.asString(""));
            }
            if (texts) {
                return labels;
            }
        } catch (JacksonException e) {
            // Said below, with what was expected.
        }
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: a JSON array of 1 to %d texts)"
                        .formatted(
                                ModelManifest.LABELS_KEY,
                                text.substring(0, Math.min(80, text.length())),
                                MOST));
    }

    private static boolean fits(int labels, String scores, List<TensorSpec> outputs) {
        return outputs.stream().noneMatch(output -> output.name().equals(LABEL))
                && outputs.stream()
                        .filter(output -> output.name().equals(scores))
                        .anyMatch(output ->
                                (output.type() == DataType.FP32 || output.type() == DataType.FP64)
                                        && output.shape().size() == 2
                                        && (output.shape().getLast() < 0
                                                || output.shape().getLast() == labels));
    }
}
