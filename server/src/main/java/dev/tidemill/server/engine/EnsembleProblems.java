package dev.tidemill.server.engine;

import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.server.modelconfig.Ensemble;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.TensorConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What can be wrong with an ensemble before any of its models is known. Pure.
final class EnsembleProblems {
    private EnsembleProblems() {}

    static void ofConfig(ModelConfig config, Problems problems) {
        tensors("input", config.inputs(), problems);
        tensors("output", config.outputs(), problems);
        if (config.batching().isPresent()) {
            problems.add(
                    new Problem(
                            "", "dynamic_batching", "given", "none, the steps' models join rows"));
        }
        if (!config.instances().isEmpty()) {
            problems.add(
                    new Problem(
                            "", "instance_group", "given", "none, the steps' models have theirs"));
        }
    }

    /// Of tensors that nobody makes or takes, and steps that make nothing.
    static void ofUse(
            ModelConfig config,
            List<Ensemble.Step> steps,
            Map<String, Integer> maker,
            Problems problems) {
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < steps.size(); i++) {
            taken.addAll(steps.get(i).inputs().values());
            if (steps.get(i).outputs().isEmpty()) {
                problems.add(
                        new Problem(
                                "",
                                EnsemblePlan.stepName(steps, i) + " output_map",
                                "",
                                "at least one tensor"));
            }
            if (steps.get(i).model().equals(config.name())) {
                problems.add(
                        new Problem(
                                "",
                                EnsemblePlan.stepName(steps, i) + " model_name",
                                config.name(),
                                "another model than the ensemble itself"));
            }
        }
        for (TensorConfig input : config.inputs()) {
            if (!taken.contains(input.name())) {
                problems.add(new Problem("", "input", input.name(), "a tensor that a step takes"));
            }
        }
        for (TensorConfig output : config.outputs()) {
            if (!maker.containsKey(output.name())) {
                problems.add(
                        new Problem(
                                "",
                                "output",
                                output.name(),
                                "a tensor that a step makes: " + new TreeSet<>(maker.keySet())));
            }
        }
    }

    static void ofCycles(List<Ensemble.Step> steps, List<Set<Integer>> after, Problems problems) {
        Set<Integer> open = new TreeSet<>();
        for (int i = 0; i < steps.size(); i++) {
            open.add(i);
        }
        while (open.removeIf(step -> after.get(step).stream().noneMatch(open::contains))) {
            // until nothing can be done before the rest
        }
        if (open.isEmpty()) {
            return;
        }
        // Every step that is left waits for one that is left: going back ends up in a circle.
        List<Integer> way = new ArrayList<>();
        int step = open.iterator().next();
        while (!way.contains(step)) {
            way.addFirst(step);
            step = after.get(step).stream().filter(open::contains).findFirst().orElseThrow();
        }
        List<Integer> circle = new ArrayList<>(way.subList(0, way.indexOf(step) + 1));
        circle.addFirst(step);
        problems.add(
                new Problem(
                        "",
                        "ensemble_scheduling.step",
                        circle.stream()
                                .map(each -> EnsemblePlan.stepName(steps, each))
                                .collect(Collectors.joining(" -> ")),
                        "no circle"));
    }

    private static void tensors(String what, List<TensorConfig> tensors, Problems problems) {
        if (tensors.isEmpty()) {
            problems.add(
                    new Problem("", what, "", "at least one, with its name, data_type and dims"));
        }
        Set<String> names = new HashSet<>();
        for (TensorConfig tensor : tensors) {
            if (!names.add(tensor.name())) {
                problems.add(new Problem("", what, tensor.name() + " twice", "once"));
            }
        }
    }
}
