package dev.tidemill.spec.cluster;

import dev.tidemill.spec.ModelResources;
import java.time.Duration;
import java.util.Optional;

/// How a training is run on a cluster by the operator: as a Job.
///
/// @param data the volume that the data set's path is relative to
/// @param retries of a run that ended badly
/// @param ttl how long a Job that has ended stays; empty for as long as its training
/// @param resources of the program, where it is one's own
/// @param program one's own, in the place of a built-in trainer
public record TrainingJob(
        ModelVolume data,
        int retries,
        Optional<Duration> ttl,
        ModelResources resources,
        PodSettings pod,
        Optional<TrainingProgram> program) {}
