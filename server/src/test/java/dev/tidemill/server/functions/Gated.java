package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ServerFunction;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.testkit.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// As slow as a test wants: a run whose first row is positive ends when the file `gate` is there,
/// any other at once, as those of the warm-up.
public final class Gated implements ServerFunction {
    private static final long LIMIT = 30_000_000_000L;
    private static final long PAUSE = 1_000_000;

    /// @throws IllegalStateException when it takes too long
    static void await(Path file) {
        long begin = System.nanoTime();
        while (!Files.exists(file)) {
            if (System.nanoTime() - begin > LIMIT) {
                throw new IllegalStateException(file + " does not come");
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    @Override
    public String name() {
        return "gated";
    }

    @Override
    public LoadedModel open(FunctionParameters parameters) {
        Path gate = Path.of(parameters.text("gate", ""));
        return new LoadedModel() {
            @Override
            public List<TensorSpec> inputs() {
                return List.of(new TensorSpec("x", DataType.FP32, List.of(-1L, 1L)));
            }

            @Override
            public List<TensorSpec> outputs() {
                return List.of(new TensorSpec("y", DataType.FP32, List.of(-1L, 1L)));
            }

            @Override
            public List<Tensor> run(List<Tensor> inputs) {
                float[] values = Tensors.floatsOf(inputs.getFirst());
                if (values.length > 0 && values[0] > 0) {
                    await(gate);
                }
                return List.of(Tensors.floats("y", inputs.getFirst().shape(), values));
            }

            @Override
            public void close() {}
        };
    }
}
