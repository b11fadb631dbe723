package dev.tidemill.control.registry;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ResourceName;
import dev.tidemill.runtimes.spi.ModelManifest;
import java.util.Map;

/// What a version is made of, before it has a number.
///
/// @param trainingRun id of the run; empty when it was registered from a file
/// @param dataDigest of the training data; empty as above
public record NewVersion(
        ResourceName model,
        Digest digest,
        ModelManifest manifest,
        String description,
        Map<String, Double> metrics,
        String trainingRun,
        String dataDigest) {
    public NewVersion {
        metrics = Map.copyOf(metrics);
    }
}
