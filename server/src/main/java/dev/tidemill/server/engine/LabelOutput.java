package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Stands behind a classifier: the name of the class with the largest score, the first of equals.
///
/// @param scores position of the scores among the model's outputs
/// @param labels UTF-8, by column
record LabelOutput(int scores, List<byte[]> labels) {
    static final String NAME = "label";
    static final TensorSpec SPEC = new TensorSpec(NAME, DataType.BYTES, List.of(-1L));

    /// @throws IllegalArgumentException when the model gives no such scores
    static LabelOutput of(List<String> labels, String scores, List<TensorSpec> outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            TensorSpec output = outputs.get(i);
            if (output.name().equals(NAME)) {
                throw new IllegalArgumentException(
                        "outputs: '%s' (expected: another name, this one is for the labels)"
                                .formatted(NAME));
            }
            if (output.name().equals(scores)) {
                requireColumns(output, labels.size());
                return new LabelOutput(
                        i,
                        labels.stream()
                                .map(label -> label.getBytes(StandardCharsets.UTF_8))
                                .toList());
            }
        }
        throw new IllegalArgumentException(
                "scores: '%s' (expected: one of the outputs %s)".formatted(scores, outputs));
    }

    /// @throws TidemillException `INVALID_REQUEST` for a row without any number: that a model which
    ///   passed its checks has no answer is due to what it was asked, such as an infinite input
    Tensor.Text of(List<Tensor> outputs) {
        Tensor.Numeric values = (Tensor.Numeric) outputs.get(scores);
        int columns = labels.size();
        ByteBuffer data = values.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        boolean wide = values.type() == DataType.FP64;
        int rows = data.remaining() / (columns * values.type().byteWidth());
        List<byte[]> chosen = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            int best = 0;
            double highest = Double.NEGATIVE_INFINITY;
            for (int column = 0; column < columns; column++) {
                double score = wide ? data.getDouble() : data.getFloat();
                if (score > highest) {
                    highest = score;
                    best = column;
                }
            }
            if (highest == Double.NEGATIVE_INFINITY) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST,
                        "output %s: 'NaN' in row %d (expected: scores; inputs of finite numbers, or outputs without the label)"
                                .formatted(values.name(), row));
            }
            chosen.add(labels.get(best));
        }
        return new Tensor.Text(NAME, new long[] {rows}, chosen);
    }

    private static void requireColumns(TensorSpec output, int labels) {
        boolean right =
                (output.type() == DataType.FP32 || output.type() == DataType.FP64)
                        && output.shape().size() == 2
                        && (output.shape().get(1) < 0 || output.shape().get(1) == labels);
        if (!right) {
            throw new IllegalArgumentException(
                    "output %s: '%s %s' (expected: FP32 or FP64 [-1, %d], a column a label)"
                            .formatted(output.name(), output.type(), output.shape(), labels));
        }
    }
}
