package dev.tidemill.server.modelconfig;

import java.util.List;
import java.util.Map;

/// A graph of models: each step takes tensors of the ensemble by name and gives new ones.
public record Ensemble(List<Step> steps) {
    public Ensemble {
        steps = List.copyOf(steps);
    }

    /// @param version -1 for the newest
    /// @param inputs the model's input name to the ensemble's tensor name
    /// @param outputs the model's output name to the ensemble's tensor name
    public record Step(
            String model, long version, Map<String, String> inputs, Map<String, String> outputs) {
        public Step {
            inputs = Map.copyOf(inputs);
            outputs = Map.copyOf(outputs);
        }
    }
}
