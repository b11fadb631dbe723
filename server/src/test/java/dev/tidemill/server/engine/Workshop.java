package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Metrics;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.metrics.ModelMeters;
import dev.tidemill.server.metrics.ModelStatistics;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.ModelConfigReader;
import dev.tidemill.testkit.FakeModel;
import dev.tidemill.testkit.Tensors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// Models that calculate with whole numbers, and ensembles of them.
final class Workshop implements ModelDirectory, AutoCloseable {
    static final int COLUMNS = 2;

    private final Metrics metrics = new Metrics();
    private final ComputeThreads threads = new ComputeThreads(1);
    private final Map<String, ServedModel> models = new ConcurrentHashMap<>();

    /// A model with one output; work on each element.
    interface Work {
        /// @param given one row of numbers for each input
        int[][] of(int[][] given);
    }

    /// @param takes names of inputs
    /// @param gives names of outputs
    /// @param config text, such as `max_batch_size: 4`
    void add(String name, List<String> takes, List<String> gives, String config, Work work) {
        UnaryOperator<List<Tensor>> run =
                given -> {
                    int[][] numbers = given.stream().map(Tensors::intsOf).toArray(int[][]::new);
                    int[][] results = work.of(numbers);
                    List<Tensor> outputs = new ArrayList<>();
                    for (int i = 0; i < results.length; i++) {
                        outputs.add(
                                Tensors.ints(gives.get(i), given.getFirst().shape(), results[i]));
                    }
                    return outputs;
                };
        add(name, config, new FakeModel(specs(takes), specs(gives), run));
    }

    void add(String name, String config, FakeModel model) {
        put(name, served(read(name, config), model));
    }

    void addEnsemble(String name, String config) {
        ModelConfig said = read(name, config).asEnsemble();
        put(name, served(said, new EnsembleModel(said, this, System::nanoTime)));
    }

    void remove(String name) {
        ServedModel model = models.remove(name);
        if (model != null) {
            model.close();
        }
    }

    ServedModel get(String name) {
        return Optional.ofNullable(models.get(name)).orElseThrow();
    }

    List<Tensor> ask(String name, List<Tensor> inputs, String... wanted) {
        return get(name).infer(InferenceCall.of(inputs, List.of(wanted)));
    }

    ModelStatistics statistics(String name) {
        return get(name).meters().statistics(0, 0);
    }

    static Tensor row(String name, int... numbers) {
        return Tensors.ints(name, new long[] {numbers.length / COLUMNS, COLUMNS}, numbers);
    }

    @Override
    public ServedModel enter(String model, long version) {
        ServedModel found = models.get(model);
        if (found == null || !found.enter()) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND, "model: '%s' (expected: another)".formatted(model));
        }
        return found;
    }

    @Override
    public Optional<ServedModel> glance(String model, long version) {
        return Optional.ofNullable(models.get(model));
    }

    @Override
    public void close() {
        models.values().forEach(ServedModel::close);
        threads.close();
        metrics.close();
    }

    private void put(String name, ServedModel model) {
        remove(name);
        models.put(name, model);
    }

    private ServedModel served(ModelConfig config, LoadedModel model) {
        return new ServedModel(
                new ServedModel.Description(
                        config.name(),
                        "1",
                        new ModelManifest("fake", "", Optional.empty(), List.of(), "", List.of()),
                        config,
                        Map.of()),
                model,
                new ServedModel.Surroundings(
                        threads, new ModelMeters(metrics, config.name(), "1"), System::nanoTime));
    }

    private static ModelConfig read(String name, String config) {
        return ModelConfigReader.text("config.pbtxt", config.getBytes(StandardCharsets.UTF_8), name)
                .config();
    }

    private static List<TensorSpec> specs(List<String> names) {
        return names.stream()
                .map(name -> new TensorSpec(name, DataType.INT32, List.of(-1L, (long) COLUMNS)))
                .toList();
    }
}
