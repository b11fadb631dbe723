package dev.tidemill.server.engine;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.runtimes.spi.TextFeatures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Stands in front of a model that takes vectors, and takes text.
///
/// @param fed the model's own input
record TextInput(TextFeatures features, TensorSpec fed) {
    static final TensorSpec SPEC = new TensorSpec(TextFeatures.INPUT, DataType.BYTES, List.of(-1L));

    /// @throws IllegalArgumentException when the model does not take such vectors
    static TextInput of(TextFeatures features, List<TensorSpec> inputs) {
        TensorSpec fed = inputs.getFirst();
        boolean right =
                inputs.size() == 1
                        && fed.type() == DataType.FP32
                        && fed.shape().size() == 2
                        && fed.shape().getFirst() < 0
                        && (fed.shape().get(1) < 0 || fed.shape().get(1) == features.buckets());
        if (!right) {
            throw new IllegalArgumentException(
                    "inputs: '%s' (expected: one of FP32 [-1, %d], as the text features say)"
                            .formatted(inputs, features.buckets()));
        }
        return new TextInput(features, fed);
    }

    long bytes(int texts) {
        return (long) texts * features.buckets() * Float.BYTES;
    }

    Tensor.Numeric vectors(Tensor.Text texts) {
        int rows = texts.values().size();
        ByteBuffer data =
                ByteBuffer.allocate(Math.toIntExact(bytes(rows))).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = data.asFloatBuffer();
        for (byte[] text : texts.values()) {
            floats.put(features.vector(new String(text, StandardCharsets.UTF_8)));
        }
        return new Tensor.Numeric(
                fed.name(), DataType.FP32, new long[] {rows, features.buckets()}, data);
    }
}
