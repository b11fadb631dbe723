package dev.tidemill.server.engine;

import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.modelconfig.Ensemble;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.TensorConfig;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What an ensemble's own configuration says: who makes which tensor, and who waits for whom. Pure,
/// and valid: without cycles, every tensor made once.
///
/// @param inputs as clients send them, with the batch dimension
/// @param after by step: the steps whose tensors it takes
/// @param maker by tensor: the step that makes it; inputs of the ensemble are not in it
/// @param maxBatchSize 0 when the first dimension is no batch
record EnsemblePlan(
        List<TensorSpec> inputs,
        List<TensorSpec> outputs,
        List<Ensemble.Step> steps,
        List<Set<Integer>> after,
        Map<String, Integer> maker,
        int maxBatchSize) {
    EnsemblePlan {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        steps = List.copyOf(steps);
        after = List.copyOf(after);
        maker = Map.copyOf(maker);
    }

    /// @throws TidemillException `INVALID_SPEC` with every problem
    static EnsemblePlan of(ModelConfig config) {
        Problems problems = new Problems();
        List<Ensemble.Step> steps = config.ensemble().map(Ensemble::steps).orElse(List.of());
        EnsembleProblems.ofConfig(config, problems);
        Map<String, Integer> maker = makers(config, steps, problems);
        List<Set<Integer>> after = after(config, steps, maker, problems);
        EnsembleProblems.ofCycles(steps, after, problems);
        EnsembleProblems.ofUse(config, steps, maker, problems);
        problems.throwIfAny();
        int maxBatchSize = config.maxBatchSize().orElse(0);
        return new EnsemblePlan(
                specs(config.inputs(), maxBatchSize),
                specs(config.outputs(), maxBatchSize),
                steps,
                after,
                maker,
                maxBatchSize);
    }

    /// For messages.
    static String stepName(List<Ensemble.Step> steps, int step) {
        return "step %d (%s)".formatted(step + 1, steps.get(step).model());
    }

    String stepName(int step) {
        return stepName(steps, step);
    }

    /// The steps without which these outputs cannot be.
    ///
    /// @param wanted names; empty for all
    BitSet needed(List<String> wanted) {
        BitSet needed = new BitSet(steps.size());
        List<Integer> open = new ArrayList<>();
        for (TensorSpec output : outputs) {
            Integer step = maker.get(output.name());
            if (step != null && (wanted.isEmpty() || wanted.contains(output.name()))) {
                open.add(step);
            }
        }
        while (!open.isEmpty()) {
            int step = open.removeLast();
            if (!needed.get(step)) {
                needed.set(step);
                open.addAll(after.get(step));
            }
        }
        return needed;
    }

    private static Map<String, Integer> makers(
            ModelConfig config, List<Ensemble.Step> steps, Problems problems) {
        Set<String> given = new TreeSet<>();
        config.inputs().forEach(input -> given.add(input.name()));
        Map<String, Integer> maker = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            for (String tensor : new TreeSet<>(steps.get(i).outputs().values())) {
                if (given.contains(tensor)) {
                    problems.add(
                            new Problem(
                                    "",
                                    stepName(steps, i) + " output_map",
                                    tensor,
                                    "a name that is not an input of the ensemble"));
                    continue;
                }
                Integer before = maker.putIfAbsent(tensor, i);
                if (before != null) {
                    problems.add(
                            new Problem(
                                    "",
                                    stepName(steps, i) + " output_map",
                                    tensor,
                                    "another name, %s makes this one"
                                            .formatted(stepName(steps, before))));
                }
            }
        }
        return maker;
    }

    private static List<Set<Integer>> after(
            ModelConfig config,
            List<Ensemble.Step> steps,
            Map<String, Integer> maker,
            Problems problems) {
        Set<String> known = new TreeSet<>(maker.keySet());
        config.inputs().forEach(input -> known.add(input.name()));
        List<Set<Integer>> after = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Set<Integer> before = new TreeSet<>();
            for (String tensor : new TreeSet<>(steps.get(i).inputs().values())) {
                Integer step = maker.get(tensor);
                if (step != null) {
                    before.add(step);
                } else if (!known.contains(tensor)) {
                    problems.add(
                            new Problem(
                                    "",
                                    stepName(steps, i) + " input_map",
                                    tensor,
                                    "an input of the ensemble or what a step makes: " + known));
                }
            }
            after.add(before);
        }
        return after;
    }

    private static List<TensorSpec> specs(List<TensorConfig> tensors, int maxBatchSize) {
        List<TensorSpec> specs = new ArrayList<>();
        for (TensorConfig tensor : tensors) {
            List<Long> shape = new ArrayList<>(tensor.shape());
            if (maxBatchSize > 0) {
                shape.addFirst(-1L);
            }
            specs.add(new TensorSpec(tensor.name(), tensor.type(), shape));
        }
        return specs;
    }
}
