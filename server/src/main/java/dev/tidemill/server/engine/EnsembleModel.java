package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.metrics.ModelMeters.Outcome;
import dev.tidemill.server.modelconfig.DynamicBatching;
import dev.tidemill.server.modelconfig.Ensemble;
import dev.tidemill.server.modelconfig.ModelConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// A graph of models that is served as a model. It owns none of them: each request takes those that
/// are ready then, one version of each, and holds them to its end. Whether they fit is found out
/// whenever they are others than before.
public final class EnsembleModel implements LoadedModel {
    private final String name;
    private final EnsemblePlan plan;
    private final ModelDirectory directory;
    private final LongSupplier nanos;
    private volatile Fitted fitted = new Fitted(List.of(), List.of());

    /// What is known of certain models.
    private record Fitted(List<ServedModel> models, List<String> problems) {}

    /// @throws TidemillException `INVALID_SPEC` with everything that is wrong with the
    ///   configuration itself; whether the models are there and fit, [#obstacle] says
    public EnsembleModel(ModelConfig config, ModelDirectory directory, LongSupplier nanos) {
        this.name = config.name();
        this.plan = EnsemblePlan.of(config);
        this.directory = directory;
        this.nanos = nanos;
    }

    /// Why it cannot answer now; empty when it can.
    public Optional<String> obstacle() {
        try (Held _ = hold()) {
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
        try (Held held = hold()) {
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
        try (Held held = hold()) {
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
        try (Held held = hold()) {
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

    private Held hold() {
        Optional<String> circle = EnsembleFit.circle(name, plan.steps(), directory);
        if (circle.isPresent()) {
            throw unavailable(List.of("'%s' (expected: no circle)".formatted(circle.get())));
        }
        Held held = new Held();
        List<String> problems = new ArrayList<>();
        for (int step = 0; step < plan.steps().size(); step++) {
            try {
                held.enter(plan.steps().get(step), directory);
            } catch (TidemillException e) {
                problems.add(plan.stepName(step) + ": " + e.getMessage());
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(misfits(held.models));
        }
        if (!problems.isEmpty()) {
            held.close();
            throw unavailable(problems);
        }
        return held;
    }

    private List<String> misfits(List<ServedModel> models) {
        Fitted known = fitted;
        if (!isSame(known.models, models)) {
            known = new Fitted(List.copyOf(models), EnsembleFit.problems(plan, models));
            fitted = known;
        }
        return known.problems;
    }

    private static boolean isSame(List<ServedModel> some, List<ServedModel> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; same && i < some.size(); i++) {
            same = some.get(i).equals(others.get(i));
        }
        return same;
    }

    private static TidemillException unavailable(List<String> problems) {
        return new TidemillException(ErrorCode.UNAVAILABLE, String.join("; ", problems));
    }

    /// The models of one request. Two steps with one model get the same version of it.
    private static final class Held implements AutoCloseable {
        private final Map<Ensemble.Step, ServedModel> entered = new HashMap<>();
        private final List<ServedModel> models = new ArrayList<>();

        void enter(Ensemble.Step step, ModelDirectory directory) {
            Ensemble.Step key = new Ensemble.Step(step.model(), step.version(), Map.of(), Map.of());
            ServedModel model = entered.get(key);
            if (model == null) {
                model = directory.enter(step.model(), step.version());
                entered.put(key, model);
            }
            models.add(model);
        }

        ServedModel of(int step) {
            return models.get(step);
        }

        @Override
        public void close() {
            entered.values().forEach(ServedModel::leave);
        }
    }
}
