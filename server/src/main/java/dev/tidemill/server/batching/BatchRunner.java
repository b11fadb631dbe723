package dev.tidemill.server.batching;

import dev.tidemill.runtimes.spi.NativeBlocks;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.batching.Waiting.Batch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Runs batches: joins the members' inputs, gives each its own rows of the outputs, and tells how
/// long it took. Several run at once; nothing here is locked.
final class BatchRunner {
    /// How much a new run counts in the average that deadlines are compared with: 1/8.
    private static final int SMOOTHING = 3;

    private final BatchScheduler.Work work;
    private final Consumer<BatchRecord> observer;
    private final LongSupplier nanos;
    private final NativeBlocks blocks = new NativeBlocks();

    /// Runs that end at once may overwrite each other's share: it is an estimate.
    private volatile long typicalRun;

    /// @param observer is told of every run, by the thread that ran
    /// @param nanos monotonic clock
    BatchRunner(BatchScheduler.Work work, Consumer<BatchRecord> observer, LongSupplier nanos) {
        this.work = work;
        this.observer = observer;
        this.nanos = nanos;
    }

    /// Time of a run as of late, in ns; 0 before the first.
    long typicalRun() {
        return typicalRun;
    }

    /// When it returns or throws, every member has its answer or its failure.
    ///
    /// @return when it ended, on the monotonic clock; 0 when it failed
    long run(Batch batch) {
        try {
            long begin = nanos.getAsLong();
            batch.members().forEach(member -> member.began(begin, batch));
            return batch.members().size() == 1 ? alone(batch, begin) : together(batch, begin);
        } catch (RuntimeException e) {
            batch.members().forEach(member -> member.fail(e));
            return 0;
        } catch (Error e) {
            RuntimeException failure = new IllegalStateException(e);
            batch.members().forEach(member -> member.fail(failure));
            throw e;
        }
    }

    private long alone(Batch batch, long begin) {
        Waiting only = batch.members().getFirst();
        List<Tensor> outputs = work.run(only.inputs, only);
        long ran = nanos.getAsLong();
        long computing = only.takeBegin(begin);
        only.waitedOn(computing - begin);
        only.computed(computing, ran);
        only.succeed(outputs);
        observe(batch, begin, 0, ran - computing, 0);
        return ran;
    }

    /// An interrupt means that the client of the one who leads has left. It is kept for later: the
    /// others' clients are still there.
    private long together(Batch batch, long begin) {
        boolean interrupted = Thread.interrupted();
        List<List<Tensor>> requests =
                batch.members().stream().map(member -> member.inputs).toList();
        ByteBuffer block = blocks.borrow(Rows.room(requests));
        try {
            return joined(batch, begin, Rows.join(requests, batch.rows(), block), block);
        } catch (RuntimeException e) {
            // What one of them brought must not be the others' failure.
            interrupted |= Thread.interrupted();
            batch.members().forEach(this::again);
            return 0;
        } finally {
            blocks.giveBack(block);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long joined(Batch batch, long begin, List<Tensor> inputs, ByteBuffer block) {
        Waiting first = batch.members().getFirst();
        long joined = nanos.getAsLong();
        List<Tensor> outputs = Rows.apart(work.run(inputs, first), block);
        long ran = nanos.getAsLong();
        long computing = first.takeBegin(joined);
        int[] rows = batch.members().stream().mapToInt(Waiting::rows).toArray();
        List<List<Tensor>> answers = Rows.split(outputs, rows);
        for (int i = 0; i < rows.length; i++) {
            batch.members().get(i).waitedOn(computing - joined);
            batch.members().get(i).computed(computing, ran);
            batch.members().get(i).succeed(answers.get(i));
        }
        long split = nanos.getAsLong() - ran;
        observe(batch, begin, joined - begin, ran - computing, split);
        return ran + split;
    }

    private void again(Waiting member) {
        if (member.isDone()) {
            return;
        }
        try {
            long now = nanos.getAsLong();
            member.takeBegin(0);
            alone(
                    new Batch(
                            List.of(member),
                            member.rows(),
                            BatchPlan.Reason.ALONE_AGAIN,
                            now,
                            false),
                    now);
        } catch (RuntimeException e) {
            member.fail(e);
        }
    }

    private void observe(Batch batch, long begin, long join, long compute, long split) {
        long typical = typicalRun;
        typicalRun = typical == 0 ? compute : typical + ((compute - typical) >> SMOOTHING);
        long waits = 0;
        long longest = 0;
        for (Waiting member : batch.members()) {
            waits += member.waited();
            longest = Math.max(longest, member.waited());
        }
        observer.accept(
                new BatchRecord(
                        begin,
                        batch.members().size(),
                        batch.rows(),
                        batch.reason(),
                        longest,
                        waits,
                        join,
                        compute,
                        split));
    }
}
