package dev.tidemill.testkit;

import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// A model whose work is a function, and that remembers what it was given.
public final class FakeModel implements LoadedModel {
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final UnaryOperator<List<Tensor>> work;
    private final List<List<Tensor>> runs = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    public FakeModel(
            List<TensorSpec> inputs, List<TensorSpec> outputs, UnaryOperator<List<Tensor>> work) {
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.work = work;
    }

    /// The inputs of every run so far.
    public List<List<Tensor>> runs() {
        return runs;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public List<TensorSpec> inputs() {
        return inputs;
    }

    @Override
    public List<TensorSpec> outputs() {
        return outputs;
    }

    @Override
    public List<Tensor> run(List<Tensor> given) {
        if (closed) {
            throw new IllegalStateException("model: 'closed' (expected: a model that is loaded)");
        }
        runs.add(given);
        return work.apply(given);
    }

    @Override
    public void close() {
        closed = true;
    }
}
