package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.protocol.tfserving.Signature.Argument;
import java.util.List;
import java.util.Optional;

/// Reads class scores out of a model's output.
///
/// @param scores name of the output with a row of scores an example
/// @param labels UTF-8, by column; empty when nobody knows them, and then every label is empty
public record Classifier(String scores, List<byte[]> labels) {
    public Classifier {
        labels = List.copyOf(labels);
    }

    /// Those that the model was registered with, or its only output of fractions.
    static Optional<Classifier> of(ServedModel model) {
        if (!model.labels().isEmpty()) {
            return Optional.of(new Classifier(model.scores(), model.labels()));
        }
        return Fractions.only(model.outputs()).map(spec -> new Classifier(spec.name(), List.of()));
    }

    /// What to ask the model for.
    public List<String> wanted() {
        return List.of(scores);
    }

    /// @param outputs of a run that was asked for [#wanted]
    /// @throws TidemillException `INVALID_REQUEST` when they are not one row an example
    public Classifications read(List<Tensor> outputs, int examples) {
        Tensor output = outputs.getFirst();
        long[] shape = output.shape();
        if (!(output instanceof Tensor.Numeric numbers) || shape.length < 1 || shape.length > 2) {
            throw Signatures.refused(
                    "Expected Tensor shape: [batch_size num_classes] but got "
                            + Fractions.text(shape));
        }
        if (shape[0] != examples) {
            throw Signatures.refused(
                    "Expected scores output batch size of %d. Got: %d"
                            .formatted(examples, shape[0]));
        }
        int classes = shape.length == 1 ? 1 : (int) shape[1];
        if (!labels.isEmpty() && labels.size() != classes) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "Tensors class and score should match in dim_size(1). Got %d vs. %d"
                            .formatted(labels.size(), classes));
        }
        return new Classifications(classes, labels, Fractions.read(numbers));
    }

    List<Argument> outputs() {
        Argument values = new Argument("scores", scores, TfType.DT_FLOAT, List.of(-1L, columns()));
        return labels.isEmpty()
                ? List.of(values)
                : List.of(
                        new Argument("classes", "label", TfType.DT_STRING, List.of(-1L, columns())),
                        values);
    }

    private long columns() {
        return labels.isEmpty() ? -1 : labels.size();
    }

    /// Scores of all classes for each example.
    ///
    /// @param classes how many
    /// @param labels by class; empty when nobody knows them
    /// @param scores by example and class
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    public record Classifications(int classes, List<byte[]> labels, float[] scores) {
        private static final byte[] UNNAMED = new byte[0];

        public int examples() {
            return classes == 0 ? 0 : scores.length / classes;
        }

        /// UTF-8.
        public byte[] label(int column) {
            return labels.isEmpty() ? UNNAMED : labels.get(column);
        }

        public float score(int example, int column) {
            return scores[example * classes + column];
        }
    }
}
