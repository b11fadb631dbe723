package dev.tidemill.control.training;

import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelManifest.Sample;
import dev.tidemill.runtimes.spi.TextFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Writes a version's folder: the model and its manifest.
public final class ModelFolder {
    private static final int SAMPLES = 8;
    private static final String MODEL = "model.onnx";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ModelFolder() {}

    /// A file that somebody registers: nothing is known of it but its bytes.
    public static void write(Path folder, byte[] onnx) throws IOException {
        write(
                folder,
                onnx,
                new ModelManifest("onnx", MODEL, Optional.empty(), List.of(), "", List.of()));
    }

    /// A trained classifier. Its samples are rows that the exported model labels right.
    static void write(
            Path folder,
            Measured measured,
            Data data,
            Optional<TextFeatures> features,
            OnnxPredictions predictions)
            throws IOException {
        Fitted fitted = measured.fitted();
        write(
                folder,
                fitted.onnx(),
                new ModelManifest(
                        "onnx",
                        MODEL,
                        features,
                        fitted.classes(),
                        Fitted.OUTPUT,
                        samples(measured, data, predictions)));
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

    private static void write(Path folder, byte[] onnx, ModelManifest manifest) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(manifest.file()), onnx);
        Files.write(folder.resolve(ModelManifest.FILE), JSON.writeValueAsBytes(manifest));
    }
}
