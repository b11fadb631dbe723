package dev.tidemill.server.engine;

import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.batching.BatchPlan;
import dev.tidemill.server.batching.BatchRecord;
import dev.tidemill.server.metrics.ModelMeters;
import java.util.List;
import java.util.function.LongSupplier;

/// An ensemble's requests go through no queue of its own, since its steps wait in theirs. The time
/// of all of them counts as the time of a run.
///
/// @param nanos monotonic clock
record GraphExecution(EnsembleModel graph, ModelMeters meters, LongSupplier nanos)
        implements Execution {
    @Override
    public List<Tensor> run(InferenceCall call, List<Tensor> fed, int rows) {
        long begin = nanos.getAsLong();
        List<Tensor> outputs = graph.run(call);
        long took = nanos.getAsLong() - begin;
        meters.ran(
                new BatchRecord(begin, 1, rows, BatchPlan.Reason.NOTHING_ELSE, 0, 0, 0, took, 0));
        return outputs;
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public List<BatchRecord> recent() {
        return List.of();
    }

    /// Steps know it of themselves.
    @Override
    public void runsSlowly() {}
}
