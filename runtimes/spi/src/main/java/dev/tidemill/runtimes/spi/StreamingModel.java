package dev.tidemill.runtimes.spi;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A model that answers a request any number of times, such as one that makes a text word by word.
/// Its configuration says `model_transaction_policy { decoupled: true }`. Each request runs alone,
/// on a virtual thread of its own, so a run may wait.
public interface StreamingModel extends LoadedModel {
    /// Runs one request. What `answers` throws means that nobody waits any more and ends the run;
    /// so does an interrupt of the thread.
    ///
    /// @param inputs one for each of [#inputs], checked by the caller against their type and shape
    /// @param parameters that the request brings besides: `String`, `Long`, `Double` or `Boolean`
    /// @param answers takes each answer when it is there: one tensor for each of [#outputs]
    /// @throws TidemillException as [#run(List)]
    void run(List<Tensor> inputs, Map<String, Object> parameters, Consumer<List<Tensor>> answers);

    /// For callers that can take one answer only.
    ///
    /// @throws TidemillException also `MODEL_FAILED` when it gives none or several
    @Override
    default List<Tensor> run(List<Tensor> inputs) {
        List<List<Tensor>> given = new ArrayList<>();
        run(inputs, Map.of(), given::add);
        if (given.size() != 1) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "answers: '%d' (expected: exactly one)".formatted(given.size()));
        }
        return given.getFirst();
    }
}
