package dev.tidemill.spec;

import dev.tidemill.spec.cluster.TrainingJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a version of a model out of a dataset.
///
/// @param document the exact YAML of this document; [SpecParser#parseDocument] reads it again
/// @param parameters every parameter of the trainer, defaults filled in
/// @param seed of every random choice
/// @param features given exactly when the dataset has a text column
/// @param after names of trainings in the same file that end before this one starts
/// @param timeout after which a run is stopped and failed
/// @param job how the operator runs it on a cluster; empty where `up` and `apply` do
public record Training(
        Metadata metadata,
        Place place,
        String document,
        Trainer trainer,
        Map<String, Double> parameters,
        long seed,
        Dataset dataset,
        Optional<TextFeaturesSpec> features,
        Evaluation evaluation,
        List<Gate> gates,
        Registers registers,
        List<String> after,
        Duration timeout,
        Optional<TrainingJob> job)
        implements Resource {
    public Training {
        parameters = Map.copyOf(parameters);
        gates = List.copyOf(gates);
        after = List.copyOf(after);
    }
}
