package dev.tidemill.server.modelconfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `ensemble_scheduling`.
final class EnsembleReader {
    private EnsembleReader() {}

    static Optional<Ensemble> read(Section top) {
        Optional<Section> ensemble = top.section("ensemble_scheduling");
        if (ensemble.isEmpty()) {
            return Optional.empty();
        }
        List<Ensemble.Step> steps = new ArrayList<>();
        for (Section step : ensemble.get().sections("step")) {
            String model = step.text("model_name");
            if (model.isEmpty()) {
                step.findings()
                        .wrong(step.place(), step.path("model_name"), "", "the name of a model");
            }
            step.ignored("models come from this server's repositories", "model_namespace");
            steps.add(
                    new Ensemble.Step(
                            model,
                            step.number("model_version", -1, Long.MAX_VALUE, -1),
                            step.texts("input_map"),
                            step.texts("output_map")));
            step.finish();
        }
        if (steps.isEmpty()) {
            top.findings().wrong(ensemble.get().place(), "ensemble_scheduling.step", "", "a step");
        }
        ensemble.get().finish();
        return Optional.of(new Ensemble(steps));
    }
}
