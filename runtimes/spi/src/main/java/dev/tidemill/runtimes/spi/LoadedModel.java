package dev.tidemill.runtimes.spi;

import java.util.List;
import java.util.Map;

/// A model in memory. [#run] may be called from many threads; [#close] only after the last run
/// returned (the owner counts), and frees native memory.
public interface LoadedModel extends AutoCloseable {
    List<TensorSpec> inputs();

    List<TensorSpec> outputs();

    /// Texts that travel in the file itself, by key; empty where the format has none.
    default Map<String, String> metadata() {
        return Map.of();
    }

    /// Runs one batch.
    ///
    /// @param inputs one for each of [#inputs], checked by the caller against their type and shape
    /// @return one for each of [#outputs], in that order
    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` where the model refuses the
    ///   input, `MODEL_FAILED` where it breaks
    List<Tensor> run(List<Tensor> inputs);

    @Override
    void close();
}
