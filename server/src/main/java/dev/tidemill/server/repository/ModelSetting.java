package dev.tidemill.server.repository;

import dev.tidemill.server.modelconfig.VersionPolicy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// One model of TensorFlow Serving's model list.
///
/// @param basePath folder with the version folders; relative to the first repository, and inside
///   one of them in any case
/// @param policy instead of the one in the model's own configuration
/// @param labels to versions
public record ModelSetting(
        String name, Path basePath, Optional<VersionPolicy> policy, Map<String, String> labels) {
    public ModelSetting {
        labels = Map.copyOf(labels);
    }
}
