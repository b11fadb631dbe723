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
        Ranked ranked = Ranked.of(numeric);
        int rows = batched && output.shape().length > 0 ? (int) output.shape()[0] : 1;
        int width = rows == 0 ? 0 : ranked.size() / rows;
        int count = Math.min(classes, width);
        List<byte[]> texts = new ArrayList<>(rows * count);
        for (int row = 0; row < rows; row++) {
            int from = row * width;
            IntStream.range(0, width)
                    .boxed()
                    .sorted(ranked.largestFirst(from).thenComparing(i -> i))
                    .limit(count)
                    .map(i -> text(ranked.text(from + i), i, labels))
                    .forEach(texts::add);
        }
        long[] shape = batched ? new long[] {rows, count} : new long[] {count};
        return new Tensor.Text(output.name(), shape, texts);
    }

    private static byte[] text(String number, int index, List<String> labels) {
        String label = index < labels.size() ? ":" + labels.get(index) : "";
        return (number + ":" + index + label).getBytes(StandardCharsets.UTF_8);
    }

    /// The elements of a tensor in an order: 64-bit integers as they are, since the nearest double
    /// may be another number.
    private sealed interface Ranked {
        int size();

        /// @param from the index that counts as 0
        Comparator<Integer> largestFirst(int from);

        String text(int index);

        static Ranked of(Tensor.Numeric tensor) {
            ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            int size = data.remaining() / tensor.type().byteWidth();
            if (tensor.type().isFraction()) {
                double[] values = new double[size];
                Arrays.setAll(values, _ -> tensor.type().get(data));
                return new Fractions(values);
            }
            long[] values = new long[size];
            boolean wide = tensor.type().byteWidth() == Long.BYTES;
            Arrays.setAll(values, _ -> wide ? data.getLong() : (long) tensor.type().get(data));
            return new Integers(values, tensor.type() == DataType.UINT64);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Fractions(double[] values) implements Ranked {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public Comparator<Integer> largestFirst(int from) {
            return Comparator.comparingDouble(i -> -values[from + i]);
        }

        @Override
        public String text(int index) {
            return String.format(Locale.ROOT, "%f", values[index]);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Integers(long[] values, boolean unsigned) implements Ranked {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public Comparator<Integer> largestFirst(int from) {
            return (a, b) ->
                    unsigned
                            ? Long.compareUnsigned(values[from + b], values[from + a])
                            : Long.compare(values[from + b], values[from + a]);
        }

        @Override
        public String text(int index) {
            return unsigned ? Long.toUnsignedString(values[index]) : Long.toString(values[index]);
        }
    }
}
