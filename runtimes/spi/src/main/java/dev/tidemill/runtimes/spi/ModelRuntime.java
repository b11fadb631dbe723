package dev.tidemill.runtimes.spi;

import java.nio.file.Path;

/// Loads models of one format. Implementations pass `ModelRuntimeContract` in `testkit`.
public interface ModelRuntime extends AutoCloseable {
    /// The format's name in [ModelManifest#format].
    String format();

    /// @param modelFile the model's main file
    /// @throws dev.tidemill.common.TidemillException `MODEL_FAILED` when the file is not a model of
    ///   this format
    LoadedModel load(Path modelFile);

    @Override
    void close();
}
