package dev.tidemill.server.batching;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.NativeBlocks;
import dev.tidemill.runtimes.spi.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Joins tensors along their first dimension, and splits them again.
public final class Rows {
    private Rows() {}

    /// @param requests the same inputs in the same order in each, equal but for the first dimension
    /// @param rows of all together
    /// @param block where the joined numbers are put, with [#room] for them
    static List<Tensor> join(List<List<Tensor>> requests, int rows, ByteBuffer block) {
        List<Tensor> first = requests.getFirst();
        List<Tensor> joined = new ArrayList<>(first.size());
        for (int input = 0; input < first.size(); input++) {
            long[] shape = first.get(input).shape().clone();
            shape[0] = rows;
            joined.add(
                    switch (first.get(input)) {
                        case Tensor.Numeric(String name, var type, _, _) ->
                                new Tensor.Numeric(
                                        name, type, shape, numbers(requests, input, block));
                        case Tensor.Text(String name, _, _) ->
                                new Tensor.Text(name, shape, texts(requests, input));
                    });
        }
        return joined;
    }

    /// @param rows of each request, in the order they were joined
    /// @return outputs by request; they share the memory of `outputs`
    /// @throws TidemillException `MODEL_FAILED` when an output has not one row for each of the
    ///   input
    static List<List<Tensor>> split(List<Tensor> outputs, int[] rows) {
        int total = Arrays.stream(rows).sum();
        outputs.forEach(output -> requireRows(output, total));
        List<List<Tensor>> split = new ArrayList<>(rows.length);
        int from = 0;
        for (int count : rows) {
            List<Tensor> own = new ArrayList<>(outputs.size());
            for (Tensor output : outputs) {
                own.add(part(output, from, count, total));
            }
            split.add(own);
            from += count;
        }
        return split;
    }

    /// Copies what lies in a block, so that it outlives it: a function may return its input.
    ///
    /// @return `outputs` themselves, usually
    static List<Tensor> apart(List<Tensor> outputs, ByteBuffer block) {
        MemorySegment lent = MemorySegment.ofBuffer(block.duplicate().clear());
        for (Tensor output : outputs) {
            if (isIn(output, lent)) {
                return outputs.stream()
                        .map(each -> isIn(each, lent) ? copy((Tensor.Numeric) each) : each)
                        .toList();
            }
        }
        return outputs;
    }

    private static boolean isIn(Tensor output, MemorySegment lent) {
        return output instanceof Tensor.Numeric numeric
                && numeric.data().isDirect()
                && MemorySegment.ofBuffer(numeric.data()).asOverlappingSlice(lent).isPresent();
    }

    private static Tensor copy(Tensor.Numeric output) {
        ByteBuffer data = output.data().duplicate();
        ByteBuffer own = ByteBuffer.allocate(data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        return new Tensor.Numeric(
                output.name(), output.type(), output.shape(), own.put(data).flip());
    }

    /// What the numbers of all inputs take of a block.
    static long room(List<List<Tensor>> requests) {
        long room = 0;
        for (int input = 0; input < requests.getFirst().size(); input++) {
            room += NativeBlocks.room(bytes(requests, input));
        }
        return room;
    }

    private static ByteBuffer numbers(List<List<Tensor>> requests, int input, ByteBuffer block) {
        ByteBuffer target = NativeBlocks.part(block, Math.toIntExact(bytes(requests, input)));
        for (List<Tensor> request : requests) {
            target.put(((Tensor.Numeric) request.get(input)).data().duplicate());
        }
        return target.flip();
    }

    /// 0 for texts.
    private static long bytes(List<List<Tensor>> requests, int input) {
        long bytes = 0;
        for (List<Tensor> request : requests) {
            if (request.get(input) instanceof Tensor.Numeric numeric) {
                bytes += numeric.data().remaining();
            }
        }
        return bytes;
    }

    private static List<byte[]> texts(List<List<Tensor>> requests, int input) {
        List<byte[]> texts = new ArrayList<>();
        for (List<Tensor> request : requests) {
            texts.addAll(((Tensor.Text) request.get(input)).values());
        }
        return texts;
    }

    /// Some rows of a tensor, in its memory.
    ///
    /// @param total rows of the tensor
    public static Tensor part(Tensor output, int from, int count, int total) {
        long[] shape = output.shape().clone();
        shape[0] = count;
        return switch (output) {
            case Tensor.Numeric(String name, var type, _, ByteBuffer data) -> {
                int row = data.remaining() / total;
                yield new Tensor.Numeric(
                        name,
                        type,
                        shape,
                        data.slice(data.position() + from * row, count * row)
                                .order(ByteOrder.LITTLE_ENDIAN));
            }
            case Tensor.Text(String name, _, List<byte[]> values) -> {
                int row = values.size() / total;
                yield new Tensor.Text(
                        name, shape, values.subList(from * row, (from + count) * row));
            }
        };
    }

    private static void requireRows(Tensor output, int total) {
        long[] shape = output.shape();
        if (shape.length == 0 || shape[0] != total) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "output %s: shape '%s' for a batch of %d rows (expected: %d first; a model whose rows belong together needs max_batch_size: 0)"
                            .formatted(output.name(), Arrays.toString(shape), total, total));
        }
    }
}
