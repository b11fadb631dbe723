package dev.tidemill.http.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Spans that have ended and wait to be sent, by a thread of its own. Whoever ends a span never
/// waits: when there is no room, the span is dropped and counted.
final class SpanQueue implements SpanProcessor {
    private static final Duration AFTER_INTERRUPT = Duration.ofMillis(100);

    private final SpanExporter exporter;
    private final Limits limits;
    private final Queue<ReadableSpan> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder sent = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Thread sender;
    private volatile boolean closing;

    /// For the end, once it is closing.
    private volatile long deadline;

    /// @param spans that may wait
    /// @param batch spans that are sent at once
    /// @param delay after which fewer are sent
    /// @param timeout for sending them
    record Limits(int spans, int batch, Duration delay, Duration timeout) {
        Limits {
            if (spans < 1 || batch < 1 || batch > spans) {
                throw new IllegalArgumentException(
                        "OTEL_BSP_MAX_QUEUE_SIZE, OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '%d, %d'"
                                        .formatted(spans, batch)
                                + " (expected: 1 or more, and the batch no larger than the queue)");
            }
        }
    }

    SpanQueue(SpanExporter exporter, Limits limits) {
        this.exporter = exporter;
        this.limits = limits;
        this.sender = Thread.ofPlatform().daemon().name("traces").unstarted(this::send);
    }

    void start() {
        sender.start();
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        int now = waiting.incrementAndGet();
        if (closing || now > limits.spans()) {
            waiting.decrementAndGet();
            dropped.increment();
            return;
        }
        queue.add(span);
        // One wake-up for a full batch, and none for every span.
        if (now == limits.batch()) {
            LockSupport.unpark(sender);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    Tracing.Counts counts() {
        return new Tracing.Counts(
                sent.sum(), dropped.sum(), failed.sum(), Math.max(0, waiting.get()));
    }

    /// Takes no more, sends what waits for at most `limit`, and drops the rest.
    void close(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
        closing = true;
        LockSupport.unpark(sender);
        if (!ended(limit)) {
            sender.interrupt();
            ended(AFTER_INTERRUPT);
        }
        while (queue.poll() != null) {
            waiting.decrementAndGet();
            dropped.increment();
        }
    }

    private boolean ended(Duration limit) {
        try {
            return sender.join(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void send() {
        boolean last = false;
        while (!last) {
            last = closing;
            if (!last && waiting.get() < limits.batch()) {
                LockSupport.parkNanos(this, limits.delay().toNanos());
            }
            for (List<SpanData> batch = next(); !batch.isEmpty(); batch = next()) {
                send(batch);
            }
        }
        // Here, because it waits for requests that a collector does not answer.
        exporter.shutdown();
    }

    private List<SpanData> next() {
        List<SpanData> batch = new ArrayList<>();
        boolean late = closing && deadline - System.nanoTime() <= 0;
        while (!late && batch.size() < limits.batch()) {
            ReadableSpan span = queue.poll();
            if (span == null) {
                break;
            }
            batch.add(span.toSpanData());
        }
        return batch;
    }

    /// They count as waiting until they are sent, so that what a slow collector holds up is bounded
    /// too.
    private void send(List<SpanData> batch) {
        boolean taken = false;
        try {
            taken = exporter.export(batch).join(timeout(), TimeUnit.NANOSECONDS).isSuccess();
        } catch (RuntimeException _) {
            // Counted below; the exporter says why, a few times a minute.
        } finally {
            (taken ? sent : failed).add(batch.size());
            waiting.addAndGet(-batch.size());
        }
    }

    private long timeout() {
        long timeout = limits.timeout().toNanos();
        return closing ? Math.clamp(deadline - System.nanoTime(), 1, timeout) : timeout;
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode forceFlush() {
        return CompletableResultCode.ofSuccess();
    }
}
