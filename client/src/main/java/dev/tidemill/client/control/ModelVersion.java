package dev.tidemill.client.control;

import java.time.Instant;
import java.util.Map;

/// One registered version of a model. Versions never change once made.
///
/// @param version 1, 2, 3, ... per model
/// @param digest of the artifact folder, `sha256:...`
/// @param metrics `accuracy`, `precision`, `recall` (macro averages, 0 to 1) and whatever else the
///   training measured; empty for versions registered from a file
/// @param trainingRun id of the run that made it; empty for versions registered from a file
/// @param dataDigest of the data it was trained on; empty as above
/// @param path the artifact's folder on this machine
public record ModelVersion(
        String name,
        int version,
        String digest,
        Instant created,
        String description,
        Map<String, Double> metrics,
        String trainingRun,
        String dataDigest,
        String path) {
    public ModelVersion {
        metrics = Map.copyOf(metrics);
    }
}
