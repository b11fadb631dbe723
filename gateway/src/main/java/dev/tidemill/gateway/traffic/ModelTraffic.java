package dev.tidemill.gateway.traffic;

import dev.tidemill.http.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// One model's traffic since the gateway's start. Thread-safe.
public final class ModelTraffic {
    private static final int CLASSES = 6;

    private final Timer[] byStatusClass = new Timer[CLASSES];
    private final Timer waits;
    private final InFlightIntegral inFlight;
    private final LatencyHistogram latency = new LatencyHistogram();
    private final RecentLatencies recent = new RecentLatencies();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Counter inputTokens;
    private final Counter outputTokens;
    private final Counter estimatedTokens;
    private final Counter cost;

    ModelTraffic(String model, Metrics metrics, long nowNanos) {
        this.inFlight = new InFlightIntegral(nowNanos);
        for (int i = 0; i < CLASSES; i++) {
            String statusClass = i == 0 ? "cut" : i + "xx";
            byStatusClass[i] = metrics.timer(GatewayMetrics.REQUESTS, model, statusClass);
        }
        this.inputTokens = metrics.counter(GatewayMetrics.TOKENS, model, "input");
        this.outputTokens = metrics.counter(GatewayMetrics.TOKENS, model, "output");
        this.estimatedTokens = metrics.counter(GatewayMetrics.TOKENS, model, "estimated");
        this.cost = metrics.counter(GatewayMetrics.COST, model);
        this.waits = metrics.timer(GatewayMetrics.NO_REPLICA_WAIT, model);
        metrics.gauge(GatewayMetrics.IN_FLIGHT, () -> inFlight.read(nowNanos).inFlight(), model);
        metrics.gauge(GatewayMetrics.WAITING, waiting::get, model);
    }

    public void begin(long nowNanos) {
        inFlight.begin(nowNanos);
    }

    /// @param status as sent to the client, 0 for an answer that was cut off
    public void end(long beganNanos, long nowNanos, int status) {
        inFlight.end(nowNanos);
        latency.record(nowNanos - beganNanos);
        byStatusClass[Math.clamp(status / 100, 0, CLASSES - 1)].record(
                nowNanos - beganNanos, TimeUnit.NANOSECONDS);
        if (status >= 500 || status == 0) {
            failures.increment();
        }
        requests.increment();
    }

    /// How long replicas took to answer of late, where somebody learns from it.
    public RecentLatencies recent() {
        return recent;
    }

    /// Begins to wait for a replica.
    ///
    /// @param most that may wait
    /// @return false when as many wait already
    public boolean beginWait(int most) {
        return waiting.getAndUpdate(now -> now < most ? now + 1 : now) < most;
    }

    public void endWait(long waitedNanos) {
        waiting.decrementAndGet();
        waits.record(waitedNanos, TimeUnit.NANOSECONDS);
    }

    /// What a request used.
    ///
    /// @param estimated whether the upstream did not say and it was counted here
    public void tokens(long input, long output, boolean estimated) {
        if (estimated) {
            estimatedTokens.increment((double) input + output);
        } else {
            inputTokens.increment((double) input);
            outputTokens.increment((double) output);
        }
    }

    /// What a request cost.
    ///
    /// @param billionths of the currency
    public void cost(long billionths) {
        if (billionths > 0) {
            cost.increment(billionths / 1e9);
        }
    }

    Signals.Model signals(String name, String pool, long nowNanos) {
        InFlightIntegral.Reading reading = inFlight.read(nowNanos);
        return new Signals.Model(
                name,
                pool,
                requests.sum(),
                failures.sum(),
                reading.inFlight(),
                reading.area(),
                waiting.get(),
                latency.counts());
    }
}
