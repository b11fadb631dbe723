package dev.tidemill.client.control;

import java.time.Instant;
import java.util.Map;

/// One run of a training, as it is now.
///
/// @param inputDigest of the specification, the data and the trainer's version: equal digests give
///   equal models, so a succeeded run is reused instead of repeated
/// @param reused whether this answer is an earlier run's
/// @param message what it does now, or why it failed, in one sentence
/// @param ended equal to `started` while it runs
/// @param version the version it registered; 0 until then
public record TrainingRun(
        String id,
        String training,
        State state,
        String inputDigest,
        boolean reused,
        String message,
        Instant started,
        Instant ended,
        Map<String, Double> metrics,
        String model,
        int version) {
    public TrainingRun {
        metrics = Map.copyOf(metrics);
    }

    public enum State {
        RUNNING,
        SUCCEEDED,
        FAILED
    }
}
