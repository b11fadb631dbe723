package dev.tidemill.server.metrics;

import dev.tidemill.server.batching.BatchRecord;
import dev.tidemill.server.metrics.ModelStatistics.BatchSize;
import dev.tidemill.server.metrics.ModelStatistics.Total;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts what [ModelStatistics] shows.
final class StatisticsCounter {
    /// Sizes that are told apart. Clients choose them where nobody has said how many rows a request
    /// may bring; runs of further sizes count in everything but [ModelStatistics#batchSizes].
    static final int MAX_SIZES = 256;

    private final Sum success = new Sum();
    private final Sum fail = new Sum();
    private final LongAdder queue = new LongAdder();
    private final LongAdder executions = new LongAdder();
    private final Sum cacheHit = new Sum();
    private final Sum cacheMiss = new Sum();
    private final Compute all = new Compute();
    private final LongAdder rows = new LongAdder();
    private final Map<Integer, Compute> sizes = new ConcurrentHashMap<>();
    private volatile long lastRun = Long.MIN_VALUE;

    void request(boolean ok, long nanos) {
        (ok ? success : fail).add(1, nanos);
    }

    void ran(BatchRecord run) {
        lastRun = run.begin();
        executions.increment();
        rows.add(run.rows());
        queue.add(run.waits());
        all.add(run, run.requests());
        Compute size = sizes.get(run.rows());
        if (size == null && sizes.size() < MAX_SIZES) {
            size = sizes.computeIfAbsent(run.rows(), _ -> new Compute());
        }
        if (size != null) {
            size.add(run, 1);
        }
    }

    void cacheHit(long nanos) {
        cacheHit.add(1, nanos);
    }

    void cacheMiss(long nanos) {
        cacheMiss.add(1, nanos);
    }

    /// @param now of the monotonic clock that runs were stamped with
    /// @param millis since 1970, now
    ModelStatistics snapshot(long now, long millis) {
        long last = lastRun;
        List<BatchSize> bySize = new ArrayList<>();
        sizes.forEach((count, compute) -> bySize.add(compute.size(count)));
        bySize.sort(Comparator.comparingInt(BatchSize::rows));
        return new ModelStatistics(
                last == Long.MIN_VALUE ? 0 : millis - (now - last) / 1_000_000,
                rows.sum(),
                executions.sum(),
                success.total(),
                fail.total(),
                new Total(all.count.sum() + cacheHit.count.sum(), queue.sum()),
                all.total(all.input),
                all.total(all.infer),
                all.total(all.output),
                cacheHit.total(),
                cacheMiss.total(),
                bySize);
    }

    /// Times in nanoseconds.
    private record Compute(LongAdder count, LongAdder input, LongAdder infer, LongAdder output) {
        Compute() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }

        /// @param times as whose time it counts: each request of a batch took as long as the batch
        void add(BatchRecord run, int times) {
            count.add(times);
            input.add(times * run.join());
            infer.add(times * run.compute());
            output.add(times * run.split());
        }

        Total total(LongAdder nanos) {
            return new Total(count.sum(), nanos.sum());
        }

        BatchSize size(int rows) {
            return new BatchSize(rows, total(input), total(infer), total(output));
        }
    }

    private record Sum(LongAdder count, LongAdder nanos) {
        Sum() {
            this(new LongAdder(), new LongAdder());
        }

        void add(long times, long took) {
            count.add(times);
            nanos.add(took);
        }

        Total total() {
            return new Total(count.sum(), nanos.sum());
        }
    }
}
