package dev.tidemill.server.metrics;

import dev.tidemill.common.ErrorKind;
import dev.tidemill.http.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// One model version's meters, looked up once.
public final class ModelMeters {
    private final Timer ok;
    private final Timer caller;
    private final Timer capacity;
    private final Timer error;
    private final Timer compute;
    private final Counter rows;

    public ModelMeters(Metrics metrics, String model, String version) {
        this.ok = metrics.timer(ServerMetrics.REQUESTS, model, version, "ok");
        this.caller = metrics.timer(ServerMetrics.REQUESTS, model, version, "caller");
        this.capacity = metrics.timer(ServerMetrics.REQUESTS, model, version, "capacity");
        this.error = metrics.timer(ServerMetrics.REQUESTS, model, version, "error");
        this.compute = metrics.timer(ServerMetrics.COMPUTE, model, version);
        this.rows = metrics.counter(ServerMetrics.ROWS, model, version);
    }

    /// How an inference request ended.
    public enum Outcome {
        OK,
        CALLER,
        CAPACITY,
        ERROR;

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
                    case ERROR -> error;
                };
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    public void ran(long batchRows, long nanos) {
        compute.record(nanos, TimeUnit.NANOSECONDS);
        rows.increment((double) batchRows);
    }
}
