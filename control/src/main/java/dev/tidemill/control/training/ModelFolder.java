package dev.tidemill.control.training;

import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelManifest.Sample;
import dev.tidemill.runtimes.spi.TextFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A version's folder: the model and, beside it, its manifest.
public final class ModelFolder {
    /// The model's file in every folder.
    public static final String MODEL = "model.onnx";

    private static final int SAMPLES = 8;
    static final String FORMAT = "onnx";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ModelFolder() {}

    /// Of a file that somebody registers: nothing is known of it but what it says itself.
    public static ModelManifest manifest(List<String> labels, String scores) {
        return new ModelManifest(FORMAT, MODEL, Optional.empty(), labels, scores, List.of());
    }

    /// Of a trained classifier. Its samples are rows that the exported model labels right.
    static ModelManifest manifest(
            Measured measured,
            Data data,
            Optional<TextFeatures> features,
            OnnxPredictions predictions) {
        return new ModelManifest(
                FORMAT,
                MODEL,
                features,
                measured.fitted().classes(),
                Fitted.OUTPUT,
                samples(measured, data, predictions));
    }

    /// Writes the manifest.
    public static void describe(Path folder, ModelManifest manifest) throws IOException {
        Files.write(folder.resolve(ModelManifest.FILE), JSON.writeValueAsBytes(manifest));
    }

    /// Removes a folder with all that is in it.
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static List<Sample> samples(Measured measured, Data data, OnnxPredictions predictions) {
        List<Integer> candidates =
                measured.checkable().subList(0, Math.min(measured.checkable().size(), 4 * SAMPLES));
        List<String> labels = predictions.labels(measured.fitted(), data, candidates);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < candidates.size() && samples.size() < SAMPLES; i++) {
            int row = candidates.get(i);
            if (labels.get(i).equals(data.labels().get(row))) {
                samples.add(sample(data, row));
            }
        }
        return samples;
    }

    private static Sample sample(Data data, int row) {
        if (!data.texts().isEmpty()) {
            return new Sample(data.texts().get(row), List.of(), data.labels().get(row));
        }
        List<Float> numbers = new ArrayList<>();
        for (float value : data.vectors().get(row)) {
            numbers.add(value);
        }
        return new Sample("", numbers, data.labels().get(row));
    }
}
