package dev.tidemill.runtimes.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A runtime whose models need no file of their own: their configuration says all.
public interface ConfiguredRuntime extends ModelRuntime {
    /// @param parameters of the model's configuration
    /// @param folders where files that the parameters name lie, the first that has one counts
    /// @throws dev.tidemill.common.TidemillException `MODEL_FAILED`, as for files
    /// @throws IllegalArgumentException when the parameters do not make sense
    LoadedModel load(Map<String, String> parameters, List<Path> folders);
}
