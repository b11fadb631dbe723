package dev.tidemill.server.engine;

import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.modelconfig.Ensemble;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Compares what the steps of an ensemble exchange with what their models take and give. Pure.
final class EnsembleFit {
    private final EnsemblePlan plan;
    private final List<ServedModel> models;
    private final List<String> problems = new ArrayList<>();

    /// By tensor, as far as it is known.
    private final Map<String, TensorSpec> specs = new HashMap<>();

    private EnsembleFit(EnsemblePlan plan, List<ServedModel> models) {
        this.plan = plan;
        this.models = models;
    }

    /// @param models one for each step
    /// @return all that does not fit, one sentence each
    static List<String> problems(EnsemblePlan plan, List<ServedModel> models) {
        EnsembleFit fit = new EnsembleFit(plan, models);
        plan.inputs().forEach(input -> fit.specs.put(input.name(), input));
        for (int step = 0; step < models.size(); step++) {
            fit.answers(step);
            fit.outputs(step);
            fit.batch(step);
        }
        for (int step = 0; step < models.size(); step++) {
            fit.inputs(step);
        }
        for (TensorSpec output : plan.outputs()) {
            fit.compare("output " + output.name(), output.name(), output);
        }
        return fit.problems;
    }

    private void answers(int step) {
        if (models.get(step).isDecoupled()) {
            problems.add(
                    "%s: 'decoupled' (expected: a model with one answer to each request)"
                            .formatted(plan.stepName(step)));
        }
    }

    /// The way from this ensemble back to an ensemble that is on the way already; empty when there
    /// is none.
    static Optional<String> circle(String name, List<Ensemble.Step> steps, ModelDirectory models) {
        return circle(name, steps, models, new ArrayList<>(), new HashSet<>());
    }

    private static Optional<String> circle(
            String name,
            List<Ensemble.Step> steps,
            ModelDirectory models,
            List<String> way,
            Set<String> done) {
        if (way.contains(name)) {
            return Optional.of(String.join(" -> ", way) + " -> " + name);
        }
        if (!done.add(name)) {
            return Optional.empty();
        }
        way.add(name);
        for (Ensemble.Step step : steps) {
            Optional<Ensemble> inner =
                    step.model().equals(name)
                            ? Optional.of(new Ensemble(steps))
                            : models.glance(step.model(), step.version())
                                    .flatMap(model -> model.config().ensemble());
            Optional<String> found =
                    inner.flatMap(
                            ensemble -> circle(step.model(), ensemble.steps(), models, way, done));
            if (found.isPresent()) {
                return found;
            }
        }
        way.removeLast();
        return Optional.empty();
    }

    private void outputs(int step) {
        new TreeMap<>(plan.steps().get(step).outputs())
                .forEach((output, tensor) ->
                        find(models.get(step).outputs(), output)
                                .ifPresentOrElse(
                                        spec -> specs.put(tensor, spec),
                                        () ->
                                                add(
                                                        plan.stepName(step) + " output_map",
                                                        output,
                                                        "an output of the model: "
                                                                + names(
                                                                        models.get(step)
                                                                                .outputs()))));
    }

    private void inputs(int step) {
        Map<String, String> mapped = plan.steps().get(step).inputs();
        List<TensorSpec> taken = models.get(step).inputs();
        new TreeMap<>(mapped)
                .forEach((input, tensor) ->
                        find(taken, input)
                                .ifPresentOrElse(
                                        spec ->
                                                compare(
                                                        "%s input %s"
                                                                .formatted(
                                                                        plan.stepName(step), input),
                                                        tensor,
                                                        spec),
                                        () ->
                                                add(
                                                        plan.stepName(step) + " input_map",
                                                        input,
                                                        "an input of the model: " + names(taken))));
        for (TensorSpec spec : taken) {
            if (!mapped.containsKey(spec.name())) {
                add(plan.stepName(step) + " input_map", "", "a tensor for input " + spec.name());
            }
        }
    }

    private void batch(int step) {
        ServedModel model = models.get(step);
        int rows = model.batches() ? model.maxRows() : 0;
        if (plan.maxBatchSize() > rows && !takesAnyRows(model)) {
            add(
                    "max_batch_size",
                    Integer.toString(plan.maxBatchSize()),
                    "at most %d, as %s takes no more".formatted(rows, plan.stepName(step)));
        }
    }

    /// Rows may depend on one another in a step, but they must fit in.
    private static boolean takesAnyRows(ServedModel model) {
        return !model.batches() && ConfigFit.mayBatch(model.inputs(), model.outputs());
    }

    private void compare(String where, String tensor, TensorSpec expected) {
        TensorSpec found = specs.get(tensor);
        if (found != null && !fits(found, expected)) {
            add(
                    where,
                    "%s %s of tensor %s".formatted(found.type(), found.shape(), tensor),
                    "%s %s".formatted(expected.type(), expected.shape()));
        }
    }

    private static boolean fits(TensorSpec found, TensorSpec expected) {
        if (found.type() != expected.type() || found.shape().size() != expected.shape().size()) {
            return false;
        }
        for (int i = 0; i < found.shape().size(); i++) {
            long one = found.shape().get(i);
            long other = expected.shape().get(i);
            if (one >= 0 && other >= 0 && one != other) {
                return false;
            }
        }
        return true;
    }

    private static Optional<TensorSpec> find(List<TensorSpec> specs, String name) {
        return specs.stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    private static List<String> names(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::name).toList();
    }

    private void add(String path, String value, String expected) {
        problems.add("%s: '%s' (expected: %s)".formatted(path, value, expected));
    }
}
