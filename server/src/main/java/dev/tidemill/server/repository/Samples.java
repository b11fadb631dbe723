package dev.tidemill.server.repository;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.ModelManifest.Sample;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Turns the remembered samples of a manifest into inputs.
final class Samples {
    private Samples() {}

    /// A batch of the same sample.
    ///
    /// @throws IllegalArgumentException when the sample does not fit the model's inputs
    static List<Tensor> batch(List<TensorSpec> inputs, Sample sample, int rows) {
        TensorSpec input = inputs.getFirst();
        if (inputs.size() != 1) {
            throw new IllegalArgumentException(
                    "samples: '%d inputs' (expected: a model with one)".formatted(inputs.size()));
        }
        return List.of(
                input.type() == DataType.BYTES
                        ? text(input, sample.text(), rows)
                        : numbers(input, sample.row(), rows));
    }

    /// Zeros, or empty texts, for models without samples.
    static List<Tensor> zeros(List<TensorSpec> inputs, int rows) {
        List<Tensor> zeros = new ArrayList<>();
        for (TensorSpec input : inputs) {
            long[] shape = shape(input, rows);
            int count = count(shape);
            zeros.add(
                    input.type() == DataType.BYTES
                            ? new Tensor.Text(
                                    input.name(), shape, Collections.nCopies(count, new byte[0]))
                            : new Tensor.Numeric(
                                    input.name(),
                                    input.type(),
                                    shape,
                                    buffer(count * input.type().byteWidth())));
        }
        return zeros;
    }

    /// Whether the model takes batches of any size.
    static boolean batches(List<TensorSpec> inputs) {
        return inputs.stream()
                .allMatch(input -> !input.shape().isEmpty() && input.shape().getFirst() < 0);
    }

    private static Tensor text(TensorSpec input, String text, int rows) {
        return new Tensor.Text(
                input.name(),
                shape(input, rows),
                Collections.nCopies(rows, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Tensor numbers(TensorSpec input, List<Float> row, int rows) {
        long[] shape = shape(input, rows);
        if (shape.length == 2 && input.shape().get(1) < 0) {
            shape[1] = row.size();
        }
        if (count(shape) != rows * row.size()) {
            throw new IllegalArgumentException(
                    "samples: '%d numbers' (expected: those of one row of %s)"
                            .formatted(row.size(), input));
        }
        ByteBuffer data = buffer(count(shape) * input.type().byteWidth());
        for (int i = 0; i < rows; i++) {
            row.forEach(number -> input.type().put(data, number));
        }
        return new Tensor.Numeric(input.name(), input.type(), shape, data.flip());
    }

    private static long[] shape(TensorSpec input, int rows) {
        long[] shape = new long[input.shape().size()];
        for (int i = 0; i < shape.length; i++) {
            long size = input.shape().get(i);
            shape[i] = size >= 0 ? size : i == 0 ? rows : 1;
        }
        return shape;
    }

    private static int count(long[] shape) {
        long count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        return Math.toIntExact(count);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
