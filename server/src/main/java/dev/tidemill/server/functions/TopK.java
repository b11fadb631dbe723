package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// The classes with the largest scores, row by row: `scores` FP32 [n, classes] to `values` FP32,
/// `indices` INT64 and, with a file of names, `labels` BYTES, all [n, k], largest first, the first
/// of equals first, what is not a number last. Where there are fewer classes than `k`, all of them.
///
/// @param labels by column; empty when there is no file
record TopK(int k, List<String> labels) implements FunctionModel {
    static final String NAME = "top_k";

    TopK {
        labels = List.copyOf(labels);
    }

    static TopK of(FunctionParameters parameters) {
        return new TopK(
                parameters.whole("k", 1, 100_000, 5), parameters.lines("labels").orElse(List.of()));
    }

    @Override
    public List<TensorSpec> inputs() {
        long columns = labels.isEmpty() ? -1 : labels.size();
        return List.of(new TensorSpec("scores", DataType.FP32, List.of(-1L, columns)));
    }

    @Override
    public List<TensorSpec> outputs() {
        List<Long> shape = List.of(-1L, labels.isEmpty() ? -1L : (long) Math.min(k, labels.size()));
        List<TensorSpec> outputs = new ArrayList<>();
        outputs.add(new TensorSpec("values", DataType.FP32, shape));
        outputs.add(new TensorSpec("indices", DataType.INT64, shape));
        if (!labels.isEmpty()) {
            outputs.add(new TensorSpec("labels", DataType.BYTES, shape));
        }
        return outputs;
    }

    @Override
    public long workingBytes(List<Tensor> inputs) {
        long[] given = inputs.getFirst().shape();
        int each = Float.BYTES + Long.BYTES + (labels.isEmpty() ? 0 : ArgmaxLabel.LABEL_BYTES);
        return given[0] * Math.min(k, given[1]) * each;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        long[] given = inputs.getFirst().shape();
        int columns = (int) given[1];
        int best = Math.min(k, columns);
        long[] shape = {given[0], best};
        FloatBuffer scores = FunctionModel.floats(inputs.getFirst());
        ByteBuffer values = FunctionModel.block(DataType.FP32, shape);
        ByteBuffer indices = FunctionModel.block(DataType.INT64, shape);
        List<byte[]> names = new ArrayList<>();
        for (int from = 0; from < scores.capacity(); from += columns) {
            for (int column : largest(scores, from, columns, best)) {
                values.putFloat(scores.get(from + column));
                indices.putLong(column);
                if (!labels.isEmpty()) {
                    names.add(Texts.bytes(labels.get(column)));
                }
            }
        }
        List<Tensor> outputs = new ArrayList<>();
        outputs.add(new Tensor.Numeric("values", DataType.FP32, shape, values.flip()));
        outputs.add(new Tensor.Numeric("indices", DataType.INT64, shape, indices.flip()));
        if (!labels.isEmpty()) {
            outputs.add(new Tensor.Text("labels", shape, names));
        }
        return outputs;
    }

    private static List<Integer> largest(FloatBuffer scores, int from, int columns, int count) {
        Comparator<Integer> better =
                Comparator.<Integer>comparingDouble(column -> order(scores.get(from + column)))
                        .reversed()
                        .thenComparing(Comparator.naturalOrder());
        PriorityQueue<Integer> kept = new PriorityQueue<>(better.reversed());
        for (int column = 0; column < columns; column++) {
            kept.add(column);
            if (kept.size() > count) {
                kept.remove();
            }
        }
        return kept.stream().sorted(better).toList();
    }

    /// Double.compare takes NaN for the largest, and -0 for less than 0.
    private static double order(float score) {
        return Float.isNaN(score) ? Double.NEGATIVE_INFINITY : score + 0.0f;
    }
}
