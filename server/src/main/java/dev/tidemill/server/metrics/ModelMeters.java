package dev.tidemill.server.metrics;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ErrorKind;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Metrics;
import dev.tidemill.server.batching.BatchRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// One model version's meters, looked up once. Those of a version that is gone are shown on for a
/// while, and not for ever: [Metrics#release].
public final class ModelMeters implements AutoCloseable {
    private final Timer ok;
    private final Timer caller;
    private final Timer capacity;
    private final Timer cancelled;
    private final Timer error;
    private final Timer queue;
    private final Timer compute;
    private final DistributionSummary batchRows;
    private final Counter rows;
    private final Counter cacheHits;
    private final Counter cacheMisses;
    private final Counter abandoned;
    private final StatisticsCounter statistics = new StatisticsCounter();
    private final Metrics metrics;
    private final String owner;
    private final Gauge shownSlots;
    private volatile int slots;

    public ModelMeters(Metrics metrics, String model, String version) {
        this.ok = metrics.timer(ServerMetrics.REQUESTS, model, version, "ok");
        this.caller = metrics.timer(ServerMetrics.REQUESTS, model, version, "caller");
        this.capacity = metrics.timer(ServerMetrics.REQUESTS, model, version, "capacity");
        this.cancelled = metrics.timer(ServerMetrics.REQUESTS, model, version, "cancelled");
        this.error = metrics.timer(ServerMetrics.REQUESTS, model, version, "error");
        this.queue = metrics.timer(ServerMetrics.QUEUE, model, version);
        this.batchRows = metrics.sizes(ServerMetrics.BATCH_ROWS, model, version);
        this.compute = metrics.timer(ServerMetrics.COMPUTE, model, version);
        this.cacheHits = metrics.counter(ServerMetrics.CACHE, model, version, "hit");
        this.cacheMisses = metrics.counter(ServerMetrics.CACHE, model, version, "miss");
        this.abandoned = metrics.counter(ServerMetrics.ABANDONED, model, version);
        this.rows = metrics.counter(ServerMetrics.ROWS, model, version);
        this.metrics = metrics;
        this.owner = model + "/" + version;
        this.shownSlots = metrics.gaugeOf(ServerMetrics.SLOTS, () -> slots, model, version);
        metrics.hold(
                owner,
                ok,
                caller,
                capacity,
                cancelled,
                error,
                queue,
                compute,
                batchRows,
                rows,
                cacheHits,
                cacheMisses,
                abandoned,
                shownSlots);
    }

    /// @param runs that go on at a time at most
    public void slots(int runs) {
        slots = runs;
    }

    Gauge shownSlots() {
        return shownSlots;
    }

    /// How an inference request ended.
    public enum Outcome {
        OK,
        CALLER,
        CAPACITY,
        CANCELLED,
        ERROR;

        /// For the thread that worked for the request: it is interrupted when the client leaves.
        /// What would have come too late was shed.
        public static Outcome of(TidemillException failure) {
            if (failure.code() == ErrorCode.CANCELLED || Thread.currentThread().isInterrupted()) {
                return CANCELLED;
            }
            return failure.code() == ErrorCode.DEADLINE_EXCEEDED
                    ? CAPACITY
                    : of(failure.code().kind());
        }

        public static Outcome of(ErrorKind kind) {
            return switch (kind) {
                case CALLER -> CALLER;
                case CAPACITY -> CAPACITY;
                case UPSTREAM, INTERNAL -> ERROR;
            };
        }
    }

    public void request(Outcome outcome, long nanos) {
        Timer timer =
                switch (outcome) {
                    case OK -> ok;
                    case CALLER -> caller;
                    case CAPACITY -> capacity;
                    case CANCELLED -> cancelled;
                    case ERROR -> error;
                };
        timer.record(nanos, TimeUnit.NANOSECONDS);
        statistics.request(outcome == Outcome.OK, nanos);
    }

    public void ran(BatchRecord run) {
        statistics.ran(run);
        compute.record(run.compute(), TimeUnit.NANOSECONDS);
        batchRows.record(run.rows());
        rows.increment(run.rows());
    }

    public void waited(long nanos) {
        queue.record(nanos, TimeUnit.NANOSECONDS);
    }

    /// A client has left while its request waited.
    public void abandoned() {
        abandoned.increment();
    }

    public void cacheHit(long nanos) {
        statistics.cacheHit(nanos);
        cacheHits.increment();
    }

    public void cacheMiss(long nanos) {
        statistics.cacheMiss(nanos);
        cacheMisses.increment();
    }

    /// Why requests failed, in Triton's words.
    public TritonMetrics.Failures failures() {
        return new TritonMetrics.Failures(
                capacity.count(), cancelled.count(), error.count(), caller.count());
    }

    /// The version is gone.
    @Override
    public void close() {
        slots = 0;
        metrics.release(owner);
    }

    /// @param now of the monotonic clock
    /// @param millis since 1970, now
    public ModelStatistics statistics(long now, long millis) {
        return statistics.snapshot(now, millis);
    }
}
