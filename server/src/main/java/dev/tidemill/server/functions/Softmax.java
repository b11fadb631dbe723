package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/// Scores to probabilities, row by row: `logits` FP32 [n, classes] to `probabilities`.
record Softmax(float temperature) implements FunctionModel {
    static final String NAME = "softmax";
    private static final List<Long> SHAPE = List.of(-1L, -1L);

    static Softmax of(FunctionParameters parameters) {
        float temperature = parameters.decimals("temperature", 1, 1)[0];
        if (temperature <= 0) {
            throw FunctionParameters.wrong("temperature", String.valueOf(temperature), "above 0");
        }
        return new Softmax(temperature);
    }

    @Override
    public List<TensorSpec> inputs() {
        return List.of(new TensorSpec("logits", DataType.FP32, SHAPE));
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(new TensorSpec("probabilities", DataType.FP32, SHAPE));
    }

    @Override
    public long workingBytes(List<Tensor> inputs) {
        return 2 * Float.BYTES * FunctionModel.elements(inputs.getFirst());
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        long[] shape = inputs.getFirst().shape();
        FloatBuffer scores = FunctionModel.floats(inputs.getFirst());
        ByteBuffer data = FunctionModel.block(DataType.FP32, shape);
        FloatBuffer probabilities = data.asFloatBuffer();
        int columns = (int) shape[1];
        for (int from = 0; from < scores.capacity(); from += columns) {
            row(scores, probabilities, from, columns);
        }
        return List.of(new Tensor.Numeric("probabilities", DataType.FP32, shape, data));
    }

    /// Less the largest, so that nothing overflows.
    private void row(FloatBuffer scores, FloatBuffer probabilities, int from, int columns) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < columns; i++) {
            largest = Math.max(largest, scores.get(from + i));
        }
        double sum = 0;
        double[] powers = new double[columns];
        for (int i = 0; i < columns; i++) {
            powers[i] = Math.exp((scores.get(from + i) - largest) / temperature);
            sum += powers[i];
        }
        for (int i = 0; i < columns; i++) {
            probabilities.put(from + i, (float) (powers[i] / sum));
        }
    }
}
