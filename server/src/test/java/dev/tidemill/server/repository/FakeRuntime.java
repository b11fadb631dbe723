package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.testkit.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Loads text files: a number, which the model answers every row with, `deep`, which no stack is
/// deep enough to run, or anything else, which is no model. Notices when a model is closed twice or
/// while it runs.
final class FakeRuntime implements ModelRuntime {
    private static final int DEEP = -1;

    final AtomicInteger loads = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final Queue<LoadOptions> asked = new ConcurrentLinkedQueue<>();
    final Queue<String> crimes = new ConcurrentLinkedQueue<>();

    /// Loading waits for it.
    final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));

    @Override
    public String format() {
        return "onnx";
    }

    @Override
    public LoadedModel load(Path file, LoadOptions options) {
        try {
            loads.incrementAndGet();
            asked.add(options);
            gate.get().await();
            String text = Files.readString(file).strip();
            if (!text.matches("\\d+|deep")) {
                throw new TidemillException(ErrorCode.MODEL_FAILED, "no model: " + text);
            }
            open.incrementAndGet();
            if (text.equals("deep")) {
                return new Constant(DEEP);
            }
            return new Constant(Integer.parseInt(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {}

    private final class Constant implements LoadedModel {
        private final int value;
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger closes = new AtomicInteger();

        Constant(int value) {
            this.value = value;
        }

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
            running.incrementAndGet();
            try {
                if (value == DEEP) {
                    throw new StackOverflowError("deep");
                }
                require(closes.get() == 0, "run after close");
                Thread.yield();
                long rows = inputs.getFirst().shape()[0];
                float[] values = new float[(int) rows];
                java.util.Arrays.fill(values, value);
                require(closes.get() == 0, "closed during a run");
                return List.of(Tensors.floats("y", new long[] {rows, 1}, values));
            } finally {
                running.decrementAndGet();
            }
        }

        @Override
        public void close() {
            require(closes.incrementAndGet() == 1, "closed twice");
            require(running.get() == 0, "closed in use");
            open.decrementAndGet();
        }

        private void require(boolean fine, String otherwise) {
            if (!fine) {
                crimes.add(otherwise + ": " + value);
            }
        }
    }
}
