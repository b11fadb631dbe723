package dev.tidemill.server;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.testkit.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/// Models that double FP32 `x` [-1, 1] and whose runs, as those of native code, last until the gate
/// is open and no interrupt ends them.
final class GatedRuntime implements ModelRuntime {
    private final Queue<Float> seen = new ConcurrentLinkedQueue<>();
    private volatile boolean open = true;

    /// From now on runs wait, and are remembered.
    void shut() {
        seen.clear();
        open = false;
    }

    void open() {
        open = true;
    }

    /// What was given to runs since the gate was shut, in that order.
    List<Float> seen() {
        return List.copyOf(seen);
    }

    @Override
    public String format() {
        return "onnx";
    }

    @Override
    public LoadedModel load(Path file, LoadOptions options) {
        return new Gated();
    }

    @Override
    public void close() {}

    private final class Gated implements LoadedModel {
        @Override
        public List<TensorSpec> inputs() {
            return List.of(new TensorSpec("x", DataType.FP32, List.of(-1L, 1L)));
        }

        @Override
        public List<TensorSpec> outputs() {
            return List.of(new TensorSpec("y", DataType.FP32, List.of(-1L, 1L)));
        }

        /// So that it runs on a thread of its own.
        @Override
        public boolean isHeavy() {
            return true;
        }

        @Override
        public List<Tensor> run(List<Tensor> inputs) {
            float[] values = Tensors.floatsOf(inputs.getFirst());
            for (float value : values) {
                seen.add(value);
            }
            while (!open) {
                LockSupport.parkNanos(this, 1_000_000);
            }
            for (int i = 0; i < values.length; i++) {
                values[i] *= 2;
            }
            return List.of(Tensors.floats("y", inputs.getFirst().shape(), values));
        }

        @Override
        public void close() {}
    }
}
