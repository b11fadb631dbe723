package dev.tidemill.control.training;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.runtimes.spi.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Predicts with the exported file, as a server would, and holds it against the training library.
final class OnnxPredictions {
    /// libsvm and ONNX Runtime couple pairwise probabilities by the same iteration, which both end
    /// at a residue of 0.005 / classes (Wu, Lin, Weng 2004, as in libsvm's source); other models
    /// differ by float rounding only.
    private static final double TOLERANCE = 5e-3;

    private static final int BATCH = 64;

    private final ModelRuntime runtime;
    private final Path folder;

    /// @param folder for temporary model files
    OnnxPredictions(ModelRuntime runtime, Path folder) {
        this.runtime = runtime;
        this.folder = folder;
    }

    /// The labels that the exported model gives these rows.
    ///
    /// @throws TidemillException `MODEL_FAILED` when the export and the library disagree
    List<String> labels(Fitted fitted, Data data, List<Integer> rows) {
        Path file = write(fitted);
        try (LoadedModel model = runtime.load(file)) {
            List<String> labels = new ArrayList<>(rows.size());
            for (int from = 0; from < rows.size(); from += BATCH) {
                List<Integer> batch = rows.subList(from, Math.min(rows.size(), from + BATCH));
                labels.addAll(labels(fitted, model, data, batch));
            }
            return labels;
        } finally {
            delete(file);
        }
    }

    private static List<String> labels(
            Fitted fitted, LoadedModel model, Data data, List<Integer> rows) {
        FloatBuffer scores = run(model, data, rows);
        int classes = fitted.classes().size();
        List<String> labels = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            double[] own = fitted.own().apply(data.vectors().get(rows.get(i)));
            int best = 0;
            for (int c = 0; c < classes; c++) {
                float score = scores.get(i * classes + c);
                if (!(Math.abs(score - own[c]) <= TOLERANCE)) {
                    throw new TidemillException(
                            ErrorCode.MODEL_FAILED,
                            "exported model, row %d, class '%s': '%s' (expected: %s as in training)"
                                    .formatted(
                                            rows.get(i), fitted.classes().get(c), score, own[c]));
                }
                if (score > scores.get(i * classes + best)) {
                    best = c;
                }
            }
            labels.add(fitted.classes().get(best));
        }
        return labels;
    }

    private static FloatBuffer run(LoadedModel model, Data data, List<Integer> rows) {
        ByteBuffer input =
                ByteBuffer.allocateDirect(rows.size() * data.width() * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int row : rows) {
            for (float value : data.vectors().get(row)) {
                input.putFloat(value);
            }
        }
        long[] shape = {rows.size(), data.width()};
        Tensor output =
                model.run(
                                List.of(
                                        new Tensor.Numeric(
                                                Fitted.INPUT, DataType.FP32, shape, input.flip())))
                        .getFirst();
        return switch (output) {
            case Tensor.Numeric(_, _, _, ByteBuffer values) -> values.asFloatBuffer();
            case Tensor.Text _ -> throw new IllegalStateException("output is text");
        };
    }

    private Path write(Fitted fitted) {
        try {
            return Files.write(Files.createTempFile(folder, "candidate-", ".onnx"), fitted.onnx());
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.NO_SPACE,
                    "folder: '%s' (expected: room for a model of %d bytes)"
                            .formatted(folder, fitted.onnx().length),
                    e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            System.getLogger(OnnxPredictions.class.getName())
                    .log(System.Logger.Level.WARNING, "left behind: " + file, e);
        }
    }
}
