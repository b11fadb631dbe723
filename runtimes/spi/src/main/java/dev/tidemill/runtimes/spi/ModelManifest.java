package dev.tidemill.runtimes.spi;

import java.util.List;
import java.util.Optional;

/// What travels beside a model's file in every version, as `model.json`.
///
/// @param format which [ModelRuntime] loads it, such as `onnx`
/// @param file the model's main file, relative to the version's folder
/// @param features how text becomes the model's input, if it takes text
/// @param labels class names by column of the probabilities; empty when it is no classifier
/// @param scores name of the output that holds the class probabilities; empty when none does
/// @param samples inputs with the label that the model gave them when it was made, for warm-up and
///   self-checks
public record ModelManifest(
        String format,
        String file,
        Optional<TextFeatures> features,
        List<String> labels,
        String scores,
        List<Sample> samples) {
    /// The manifest's file name in a version's folder.
    public static final String FILE = "model.json";

    /// Under which key a model's file itself may carry [#labels], as a JSON array of texts.
    public static final String LABELS_KEY = "tidemill.labels";

    /// Under which key a model's file itself may carry [#scores].
    public static final String SCORES_KEY = "tidemill.scores";

    public ModelManifest {
        labels = List.copyOf(labels);
        samples = List.copyOf(samples);
    }

    /// One remembered input: `text` for models with [TextFeatures], otherwise the numbers of one
    /// row.
    public record Sample(String text, List<Float> row, String label) {
        public Sample {
            row = List.copyOf(row);
        }
    }
}
