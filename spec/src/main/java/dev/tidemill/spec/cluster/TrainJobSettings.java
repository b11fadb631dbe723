package dev.tidemill.spec.cluster;

/// How Kubeflow's trainer runs a program.
///
/// @param runtime name of a ClusterTrainingRuntime or TrainingRuntime
/// @param kind of the two
/// @param nodes that the program runs on at once
/// @param output a volume that all nodes may write to, which the model is handed over on
public record TrainJobSettings(String runtime, String kind, int nodes, ModelVolume output) {}
