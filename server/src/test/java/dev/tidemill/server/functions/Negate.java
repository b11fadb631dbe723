package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ServerFunction;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.testkit.Tensors;
import java.util.List;

/// A function as users write them, named in this module's test resources.
public final class Negate implements ServerFunction {
    @Override
    public String name() {
        return "negate";
    }

    @Override
    public LoadedModel open(FunctionParameters parameters) {
        return new LoadedModel() {
            @Override
            public List<TensorSpec> inputs() {
                return List.of(new TensorSpec("x", DataType.FP32, List.of(-1L, -1L)));
            }

            @Override
            public List<TensorSpec> outputs() {
                return List.of(new TensorSpec("y", DataType.FP32, List.of(-1L, -1L)));
            }

            @Override
            public List<Tensor> run(List<Tensor> inputs) {
                float[] values = Tensors.floatsOf(inputs.getFirst());
                for (int i = 0; i < values.length; i++) {
                    values[i] = -values[i];
                }
                return List.of(Tensors.floats("y", inputs.getFirst().shape(), values));
            }

            @Override
            public void close() {}
        };
    }
}
