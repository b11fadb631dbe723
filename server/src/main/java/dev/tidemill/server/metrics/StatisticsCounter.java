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
    private final Sum success = new Sum();
    private final Sum fail = new Sum();
    private final Sum queue = new Sum();
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
        rows.add(run.rows());
        queue.add(run.requests(), run.waits());
        all.add(run);
        Compute size = sizes.get(run.rows());
        if (size == null) {
            size = sizes.computeIfAbsent(run.rows(), _ -> new Compute());
        }
        size.add(run);
    }

    void cacheHit(long cachedRows, long nanos) {
        rows.add(cachedRows);
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
                all.infer.total().count(),
                success.total(),
                fail.total(),
                queue.total(),
                all.input.total(),
                all.infer.total(),
                all.output.total(),
                cacheHit.total(),
                cacheMiss.total(),
                bySize);
    }

    private record Compute(Sum input, Sum infer, Sum output) {
        Compute() {
            this(new Sum(), new Sum(), new Sum());
        }

        void add(BatchRecord run) {
            input.add(1, run.join());
            infer.add(1, run.compute());
            output.add(1, run.split());
        }

        BatchSize size(int rows) {
            return new BatchSize(rows, input.total(), infer.total(), output.total());
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
