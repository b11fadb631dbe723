package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Tensors of numbers behind one another along an axis: `input_0`, `input_1` and so on to `output`.
///
/// @param count of inputs
/// @param shape of each; what the axis has is of any size
record Concat(DataType type, int count, int axis, List<Long> shape) implements FunctionModel {
    static final String NAME = "concat";

    Concat {
        shape = List.copyOf(shape);
    }

    static Concat of(FunctionParameters parameters) {
        DataType type = parameters.type("type", DataType.FP32);
        if (type == DataType.BYTES) {
            throw FunctionParameters.wrong("type", "BYTES", "a type of numbers");
        }
        List<Long> shape = parameters.shape("shape", List.of(-1L, -1L));
        int axis = parameters.whole("axis", -shape.size(), shape.size() - 1, shape.size() - 1);
        int place = Math.floorMod(axis, shape.size());
        List<Long> open = new ArrayList<>(shape);
        open.set(place, -1L);
        return new Concat(type, parameters.whole("count", 2, 64, 2), place, open);
    }

    @Override
    public List<TensorSpec> inputs() {
        List<TensorSpec> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            inputs.add(new TensorSpec("input_" + i, type, shape));
        }
        return inputs;
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(new TensorSpec("output", type, shape));
    }

    @Override
    public long workingBytes(List<Tensor> inputs) {
        return inputs.stream().mapToLong(FunctionModel::elements).sum() * type.byteWidth();
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        long[] sizes = inputs.getFirst().shape().clone();
        sizes[axis] = 0;
        for (Tensor input : inputs) {
            requireAlike(inputs.getFirst(), input);
            sizes[axis] += input.shape()[axis];
        }
        ByteBuffer result = FunctionModel.block(type, sizes);
        List<ByteBuffer> sources = inputs.stream().map(FunctionModel::bytes).toList();
        long blocks = product(sizes, 0, axis);
        for (long block = 0; block < blocks; block++) {
            for (ByteBuffer source : sources) {
                int bytes = (int) (source.capacity() / blocks);
                result.put(source.slice((int) block * bytes, bytes));
            }
        }
        return List.of(new Tensor.Numeric("output", type, sizes, result.flip()));
    }

    private void requireAlike(Tensor first, Tensor input) {
        for (int i = 0; i < sizeOf(first); i++) {
            if (i != axis && first.shape()[i] != input.shape()[i]) {
                throw FunctionModel.refused(
                        "input %s: shape".formatted(input.name()),
                        Arrays.toString(input.shape()),
                        "%s but for axis %d".formatted(Arrays.toString(first.shape()), axis));
            }
        }
    }

    private static int sizeOf(Tensor tensor) {
        return tensor.shape().length;
    }

    private static long product(long[] sizes, int from, int to) {
        long product = 1;
        for (int i = from; i < to; i++) {
            product *= sizes[i];
        }
        return product;
    }
}
