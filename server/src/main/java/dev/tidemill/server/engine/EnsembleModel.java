package dev.tidemill.server.engine;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.metrics.ModelMeters.Outcome;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.ModelConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// A graph of models that is served as a model. It owns none of them: each request takes those that
/// are ready then, one version of each, and holds them to its end.
public final class EnsembleModel implements LoadedModel {
    private final EnsemblePlan plan;
    private final StepHold steps;
    private final LongSupplier nanos;

    /// @throws TidemillException `INVALID_SPEC` with everything that is wrong with the
    ///   configuration itself; whether the models are there and fit, [#obstacle] says
    public EnsembleModel(ModelConfig config, ModelDirectory directory, LongSupplier nanos) {
        this.plan = EnsemblePlan.of(config);
        this.steps = new StepHold(config.name(), plan, directory);
        this.nanos = nanos;
    }

    /// Why it cannot answer now; empty when it can.
    public Optional<String> obstacle() {
        try (HeldModels _ = steps.take()) {
            return Optional.empty();
        } catch (TidemillException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public List<TensorSpec> inputs() {
        return plan.inputs();
    }

    @Override
    public List<TensorSpec> outputs() {
        return plan.outputs();
    }

    /// Its steps have theirs.
    @Override
    public List<String> devices() {
        return List.of();
    }

    @Override
    public boolean isHeavy() {
        return true;
    }

    /// Without counting, and beside the queues.
    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        try (HeldModels held = steps.take()) {
            return EnsembleRun.run(
                    plan,
                    inputs,
                    List.of(),
                    (step, given, wanted) -> held.of(step).rehearse(given, wanted));
        }
    }

    @Override
    public void close() {}

    /// As clients' requests run: through the queue of every step's model.
    ///
    /// @return the wanted outputs in the ensemble's order
    /// @throws TidemillException `UNAVAILABLE` when a model is missing, or as a step's model says,
    ///   with the step's name
    List<Tensor> run(InferenceCall call) {
        LongConsumer memory = Weighing.memory();
        // Asked here: steps on other threads do not know what this one is bound to.
        long deadline = call.nearest();
        try (HeldModels held = steps.take()) {
            return EnsembleRun.run(
                    plan,
                    call.inputs(),
                    call.wanted(),
                    (step, inputs, wanted) -> {
                        ServedModel model = held.of(step);
                        return ask(
                                model,
                                new InferenceCall(
                                        inputs,
                                        wanted,
                                        priority(call.priority(), model),
                                        call.queueTimeout(),
                                        deadline),
                                memory);
                    });
        }
    }

    /// Counted like a request of a client, and its failure once: for this model.
    private List<Tensor> ask(ServedModel model, InferenceCall call, LongConsumer memory) {
        long begin = nanos.getAsLong();
        Outcome outcome = Outcome.ERROR;
        try {
            List<Tensor> outputs = Weighing.infer(model, call, memory);
            outcome = Outcome.OK;
            return outputs;
        } catch (TidemillException e) {
            outcome = Outcome.of(e);
            throw e;
        } finally {
            model.meters().request(outcome, nanos.getAsLong() - begin);
        }
    }

    /// Callers cannot know how many levels a step's model has.
    private static int priority(int asked, ServedModel model) {
        int levels = model.config().batching().map(DynamicBatching::priorityLevels).orElse(0);
        return levels == 0 ? asked : Math.min(asked, levels);
    }
}
