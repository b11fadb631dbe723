package dev.tidemill.spec.cluster;

import dev.tidemill.spec.ModelResources;

/// How a training is run on a cluster by the operator: as a Job.
///
/// @param data the volume that the data set's path is relative to
/// @param retries of a run that ended badly
public record TrainingJob(
        ModelVolume data, int retries, ModelResources resources, PodSettings pod) {}
