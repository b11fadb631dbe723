package dev.tidemill.runtimes.spi;

import java.nio.file.Path;

/// Loads models of one format. Implementations pass `ModelRuntimeContract` in `testkit`.
public interface ModelRuntime extends AutoCloseable {
    /// The format's name in [ModelManifest#format].
    String format();

    /// @param modelFile the model's main file
    /// @throws dev.tidemill.common.TidemillException `MODEL_FAILED` when the file is not a model of
    ///   this format, or the model must have a GPU that is not there
    LoadedModel load(Path modelFile, LoadOptions options);

    /// Loads where the runtime finds best.
    default LoadedModel load(Path modelFile) {
        return load(modelFile, LoadOptions.DEFAULT);
    }

    @Override
    void close();
}
