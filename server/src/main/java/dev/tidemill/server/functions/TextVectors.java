package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.runtimes.spi.TextFeatures;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/// [TextFeatures] as a step: `text` BYTES [n] to `features` FP32 [n, buckets].
record TextVectors(TextFeatures features) implements FunctionModel {
    static final String NAME = "text_features";

    static TextVectors of(FunctionParameters parameters) {
        return new TextVectors(
                new TextFeatures(
                        parameters.whole("min_gram", 1, 8, 2),
                        parameters.whole("max_gram", 1, 8, 4),
                        parameters.whole("buckets", 64, 1 << 18, 4096),
                        parameters.whole("max_length", 1, 100_000, 512)));
    }

    @Override
    public List<TensorSpec> inputs() {
        return List.of(new TensorSpec(TextFeatures.INPUT, DataType.BYTES, List.of(-1L)));
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(
                new TensorSpec("features", DataType.FP32, List.of(-1L, (long) features.buckets())));
    }

    @Override
    public long workingBytes(List<Tensor> inputs) {
        return Texts.bytes(inputs.getFirst())
                + inputs.getFirst().shape()[0] * features.buckets() * Float.BYTES;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        List<String> texts = Texts.of(inputs.getFirst());
        long[] shape = {texts.size(), features.buckets()};
        ByteBuffer data = FunctionModel.block(DataType.FP32, shape);
        FloatBuffer vectors = data.asFloatBuffer();
        texts.forEach(text -> vectors.put(features.vector(text)));
        return List.of(new Tensor.Numeric("features", DataType.FP32, shape, data));
    }
}
