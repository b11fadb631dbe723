package dev.tidemill.server.engine;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.batching.Rows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Finds out whether a model's first dimension is a batch: made-up rows must give the same answers
/// together as one by one. An open first dimension alone does not say so; it may as well be the
/// length of a text or of a sound, and joining two callers' would mix their answers.
final class RowProbe {
    private static final int ROWS = 3;
    private static final int OPEN_SIZE = 4;
    private static final long MAX_BYTES = 64 << 20;
    private static final double TOLERANCE = 1e-3;

    private final LoadedModel model;
    private final SplittableRandom random = new SplittableRandom(20);

    private RowProbe(LoadedModel model) {
        this.model = model;
    }

    /// Why rows must not be joined; empty when they may be.
    static Optional<String> obstacle(LoadedModel model) {
        try {
            return new RowProbe(model).probe();
        } catch (TidemillException | IllegalArgumentException | ArithmeticException e) {
            return Optional.of("it refuses made-up inputs: " + e.getMessage());
        }
    }

    private Optional<String> probe() {
        List<Tensor> together = new ArrayList<>();
        for (TensorSpec input : model.inputs()) {
            together.add(madeUp(input));
        }
        List<Tensor> joined = model.run(together);
        for (Tensor output : joined) {
            if (output.shape().length == 0 || output.shape()[0] != ROWS) {
                return Optional.of(
                        "output " + output.name() + " has not one row for each of the input");
            }
        }
        for (int row = 0; row < ROWS; row++) {
            int at = row;
            List<Tensor> alone =
                    model.run(together.stream().map(tensor -> rowOf(tensor, at)).toList());
            for (int i = 0; i < alone.size(); i++) {
                if (!alike(rowOf(joined.get(i), row), alone.get(i))) {
                    return Optional.of(
                            "output "
                                    + alone.get(i).name()
                                    + " of a row depends on the other rows");
                }
            }
        }
        return Optional.empty();
    }

    private Tensor madeUp(TensorSpec input) {
        long[] shape = new long[input.shape().size()];
        long count = 1;
        for (int i = 0; i < shape.length; i++) {
            long size = input.shape().get(i);
            shape[i] = i == 0 ? ROWS : size < 0 ? OPEN_SIZE : size;
            count = Math.multiplyExact(count, shape[i]);
        }
        if (input.type() == DataType.BYTES) {
            List<byte[]> texts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                texts.add(("text " + random.nextInt(100)).getBytes(StandardCharsets.UTF_8));
            }
            return new Tensor.Text(input.name(), shape, texts);
        }
        long bytes = Math.multiplyExact(count, (long) input.type().byteWidth());
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("they would be too large");
        }
        ByteBuffer data = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            put(data, input.type());
        }
        return new Tensor.Numeric(input.name(), input.type(), shape, data.flip());
    }

    /// Integers are 0 or 1, which every table of words has.
    private void put(ByteBuffer data, DataType type) {
        type.put(data, type.isFraction() ? random.nextDouble(-1, 1) : random.nextInt(2));
    }

    private static Tensor rowOf(Tensor tensor, int row) {
        return Rows.part(tensor, row, 1, ROWS);
    }

    private static boolean alike(Tensor one, Tensor other) {
        return switch (one) {
            case Tensor.Numeric numeric ->
                    other instanceof Tensor.Numeric second && alike(numeric, second);
            case Tensor.Text text ->
                    other instanceof Tensor.Text second
                            && text.values().size() == second.values().size()
                            && equal(text.values(), second.values());
        };
    }

    private static boolean alike(Tensor.Numeric one, Tensor.Numeric other) {
        ByteBuffer left = one.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer right = other.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (left.remaining() != right.remaining()) {
            return false;
        }
        while (left.hasRemaining()) {
            boolean same =
                    one.type().isFraction()
                            ? close(one.type().get(left), one.type().get(right))
                            : left.get() == right.get();
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /// NaN is like NaN.
    private static boolean close(double one, double other) {
        return Double.compare(one, other) == 0
                || Math.abs(one - other)
                        <= TOLERANCE * Math.max(1, Math.max(Math.abs(one), Math.abs(other)));
    }

    private static boolean equal(List<byte[]> one, List<byte[]> other) {
        for (int i = 0; i < one.size(); i++) {
            if (!Arrays.equals(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }
}
