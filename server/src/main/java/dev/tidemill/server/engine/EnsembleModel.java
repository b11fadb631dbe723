package dev.tidemill.server.engine;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.metrics.ModelMeters.Outcome;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.ModelConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /// Of the steps that take nothing but what the client sent; what others will get is not known.
    @Override
    public long workingBytes(List<Tensor> inputs) {
        Map<String, Tensor> sent = new HashMap<>();
        inputs.forEach(input -> sent.put(input.name(), input));
        long bytes = 0;
        try (HeldModels held = steps.take()) {
            for (int step = 0; step < plan.steps().size(); step++) {
                List<Tensor> taken = new ArrayList<>();
                Map<String, String> mapped = plan.steps().get(step).inputs();
                mapped.forEach((input, tensor) -> {
                    Tensor found = sent.get(tensor);
                    if (found != null) {
                        taken.add(EnsembleRun.named(input, found));
                    }
                });
                bytes += taken.size() == mapped.size() ? held.of(step).workingBytes(taken) : 0;
            }
        }
        return bytes;
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
        try (HeldModels held = steps.take()) {
            return EnsembleRun.run(
                    plan,
                    call.inputs(),
                    call.wanted(),
                    (step, inputs, wanted) -> ask(held.of(step), call, inputs, wanted));
        }
    }

    /// Counted like a request of a client, and its failure once: for this model.
    private List<Tensor> ask(
            ServedModel model, InferenceCall whole, List<Tensor> inputs, List<String> wanted) {
        long begin = nanos.getAsLong();
        Outcome outcome = Outcome.ERROR;
        try {
            List<Tensor> outputs =
                    model.infer(
                            new InferenceCall(
                                    inputs,
                                    wanted,
                                    priority(whole.priority(), model),
                                    whole.queueTimeout(),
                                    whole.deadline()));
            outcome = Outcome.OK;
            return outputs;
        } catch (TidemillException e) {
            outcome = Outcome.of(e.code().kind());
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
