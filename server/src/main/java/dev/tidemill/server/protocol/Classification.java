package dev.tidemill.server.protocol;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Triton's classification extension: an output as its largest elements, each as
/// `value:index[:label]`.
public final class Classification {
    private Classification() {}

    /// @param classes how many of each row, at least 1; more than there are gives all
    /// @param labels by index; empty when there are none
    /// @param batched whether the first dimension is a batch; the rest of each row is one vector
    /// @return BYTES of shape `[rows, classes]`, or `[classes]` when not batched
    public static Tensor.Text top(
            Tensor output, int classes, List<String> labels, boolean batched) {
        if (!(output instanceof Tensor.Numeric numeric) || output.type() == DataType.BOOL) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "output %s: classification: '%s' (expected: an output of numbers)"
                            .formatted(output.name(), output.type()));
        }
        double[] values = values(numeric);
        int rows = batched && output.shape().length > 0 ? (int) output.shape()[0] : 1;
        int width = rows == 0 ? 0 : values.length / rows;
        int count = Math.min(classes, width);
        List<byte[]> texts = new ArrayList<>(rows * count);
        for (int row = 0; row < rows; row++) {
            int from = row * width;
            IntStream.range(0, width)
                    .boxed()
                    .sorted(
                            Comparator.comparingDouble((Integer i) -> -values[from + i])
                                    .thenComparing(i -> i))
                    .limit(count)
                    .map(i -> text(numeric.type(), values[from + i], i, labels))
                    .forEach(texts::add);
        }
        long[] shape = batched ? new long[] {rows, count} : new long[] {count};
        return new Tensor.Text(output.name(), shape, texts);
    }

    private static byte[] text(DataType type, double value, int index, List<String> labels) {
        String number =
                type.isFraction()
                        ? String.format(Locale.ROOT, "%f", value)
                        : String.format(Locale.ROOT, "%.0f", value);
        String label = index < labels.size() ? ":" + labels.get(index) : "";
        return (number + ":" + index + label).getBytes(StandardCharsets.UTF_8);
    }

    private static double[] values(Tensor.Numeric tensor) {
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[data.remaining() / tensor.type().byteWidth()];
        Arrays.setAll(values, _ -> tensor.type().get(data));
        return values;
    }
}
