package dev.tidemill.runtimes.onnx;

import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// The same model on several devices; a run goes to the one with the fewest runs.
final class Copies implements LoadedModel {
    private final List<Copy> copies;

    private record Copy(LoadedModel model, AtomicInteger running) {}

    /// @param models at least one
    Copies(List<LoadedModel> models) {
        this.copies = models.stream().map(model -> new Copy(model, new AtomicInteger())).toList();
    }

    /// The only one, or all of them.
    static LoadedModel of(List<LoadedModel> models) {
        return models.size() == 1 ? models.getFirst() : new Copies(models);
    }

    @Override
    public List<TensorSpec> inputs() {
        return first().inputs();
    }

    @Override
    public List<TensorSpec> outputs() {
        return first().outputs();
    }

    @Override
    public Map<String, String> metadata() {
        return first().metadata();
    }

    @Override
    public List<String> devices() {
        List<String> devices = new ArrayList<>();
        copies.forEach(copy -> devices.addAll(copy.model().devices()));
        return devices;
    }

    @Override
    public boolean isHeavy() {
        return first().isHeavy();
    }

    @Override
    public long workingBytes(List<Tensor> inputs) {
        return first().workingBytes(inputs);
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        Copy copy =
                copies.stream().min(Comparator.comparingInt(c -> c.running().get())).orElseThrow();
        copy.running().incrementAndGet();
        try {
            return copy.model().run(inputs);
        } finally {
            copy.running().decrementAndGet();
        }
    }

    @Override
    public void close() {
        copies.forEach(copy -> copy.model().close());
    }

    private LoadedModel first() {
        return copies.getFirst().model();
    }
}
