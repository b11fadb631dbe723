package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Outputs that could be scores: fractions, by rows.
final class Fractions {
    private Fractions() {}

    /// Empty also when there are several: nobody said which is meant.
    static Optional<TensorSpec> only(List<TensorSpec> outputs) {
        List<TensorSpec> candidates =
                outputs.stream()
                        .filter(spec -> isFraction(spec.type()))
                        .filter(spec -> spec.shape().size() == 1 || spec.shape().size() == 2)
                        .toList();
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }

    static float[] read(Tensor.Numeric output) {
        ByteBuffer data = output.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (output.type() == DataType.FP64) {
            float[] values = new float[data.remaining() / Double.BYTES];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) data.getDouble();
            }
            return values;
        }
        float[] values = new float[data.remaining() / Float.BYTES];
        data.asFloatBuffer().get(values);
        return values;
    }

    /// As TensorFlow prints it: `[2,3]`.
    static String text(long[] shape) {
        return Arrays.stream(shape)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static boolean isFraction(DataType type) {
        return type == DataType.FP32 || type == DataType.FP64;
    }
}
