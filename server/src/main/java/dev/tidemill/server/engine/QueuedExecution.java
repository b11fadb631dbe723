package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.StreamingModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.batching.BatchRecord;
import dev.tidemill.server.batching.BatchScheduler;
import dev.tidemill.server.batching.QueueTerms;
import dev.tidemill.server.batching.RecentBatches;
import dev.tidemill.server.metrics.ModelMeters;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Requests wait in the queue of their model and run alone or joined, those of a slow model on
/// threads of their own.
final class QueuedExecution implements Execution, BatchScheduler.Work {
    private final LoadedModel model;
    private final Optional<StreamingModel> streaming;
    private final RowShape rowShape;
    private final ComputeThreads threads;
    private final ModelMeters meters;
    private final BatchScheduler scheduler;
    private final RecentBatches recent = new RecentBatches();
    private final LongSupplier nanos;
    private volatile boolean slowAtFirst;

    QueuedExecution(
            LoadedModel model,
            Optional<StreamingModel> streaming,
            BatchingChoice choice,
            ServedModel.Surroundings surroundings) {
        this.model = model;
        this.streaming = streaming;
        this.rowShape = choice.rows();
        this.threads = surroundings.threads();
        this.meters = surroundings.meters();
        this.nanos = surroundings.nanos();
        meters.slots(choice.runs());
        this.scheduler =
                new BatchScheduler(
                        choice.plan(),
                        choice.runs(),
                        choice.terms(),
                        this,
                        this::ran,
                        surroundings.nanos());
    }

    @Override
    public List<Tensor> run(InferenceCall call, List<Tensor> fed, int rows) {
        BatchScheduler.Share share = share(call, fed, rows);
        meters.waited(share.waited());
        return share.outputs();
    }

    private BatchScheduler.Share share(InferenceCall call, List<Tensor> fed, int rows) {
        try {
            return scheduler.run(
                    fed,
                    rows,
                    rowShape.key(fed, rows),
                    new QueueTerms(call.priority(), call.queueTimeout(), call.nearest()));
        } catch (TidemillException e) {
            if (e.code() == ErrorCode.CANCELLED) {
                meters.abandoned();
            }
            throw e;
        }
    }

    @Override
    public int waiting() {
        return scheduler.waiting();
    }

    @Override
    public List<BatchRecord> recent() {
        return recent.list();
    }

    /// Its first run for a client leaves the request's thread.
    @Override
    public void runsSlowly() {
        slowAtFirst = true;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        return streaming.isPresent()
                ? AnswerStream.runHere(streaming.get(), inputs)
                : model.run(inputs);
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs, BatchScheduler.Turn turn) {
        if (streaming.isPresent() || !isSlow()) {
            return run(inputs);
        }
        return threads.run(() -> {
            turn.begins(nanos.getAsLong());
            return model.run(inputs);
        });
    }

    private void ran(BatchRecord run) {
        recent.add(run);
        meters.ran(run);
    }

    /// By its kind, by its last runs, and before the first by its warm-up.
    private boolean isSlow() {
        if (model.isHeavy()) {
            return true;
        }
        long typical = scheduler.typicalRun();
        return typical == 0 ? slowAtFirst : typical > ServedModel.SLOW.toNanos();
    }
}
