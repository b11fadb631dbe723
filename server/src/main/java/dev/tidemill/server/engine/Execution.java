package dev.tidemill.server.engine;

import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.batching.BatchRecord;
import java.util.List;

/// How a request that was let in gets its outputs.
sealed interface Execution permits QueuedExecution, GraphExecution {
    /// @param fed the inputs in the model's order
    /// @param rows that the request brings
    /// @return the model's own outputs, of an ensemble those that the call wants
    List<Tensor> run(InferenceCall call, List<Tensor> fed, int rows);

    /// Requests that wait for a run.
    int waiting();

    /// Newest first.
    List<BatchRecord> recent();

    /// What its warm-up showed.
    void runsSlowly();
}
