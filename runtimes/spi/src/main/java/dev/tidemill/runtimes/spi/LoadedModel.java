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

    /// Where its runs go, `cpu`, `cuda:0`: one for each copy of the model in memory; none where it
    /// is made of other models.
    default List<String> devices() {
        return List.of("cpu");
    }

    /// Runs one batch. An output may lie in the memory of an input, never in memory that a later
    /// run writes to. Whoever uses the inputs' memory again must have copied such outputs before.
    ///
    /// @param inputs one for each of [#inputs], checked by the caller against their type and shape
    /// @return one for each of [#outputs], in that order
    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` where the model refuses the
    ///   input, `MODEL_FAILED` where it breaks
    List<Tensor> run(List<Tensor> inputs);

    /// Whether runs usually take milliseconds or much memory, so that they had better leave the
    /// request's thread and be weighed before. That they are slow, the server finds out by itself
    /// where a model takes made-up inputs.
    default boolean isHeavy() {
        return false;
    }

    /// Whether [#workingBytes] has something to say. A model whose outputs may be far larger than
    /// its inputs should, fast as it may be.
    default boolean isWeighed() {
        return isHeavy();
    }

    /// Bytes that a run needs beside the inputs, its outputs among them, for admission; asked where
    /// [#isWeighed] says so.
    ///
    /// @param inputs as for [#run]
    default long workingBytes(List<Tensor> inputs) {
        return 0;
    }

    @Override
    void close();
}
