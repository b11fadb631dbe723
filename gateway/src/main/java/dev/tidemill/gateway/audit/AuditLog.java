package dev.tidemill.gateway.audit;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.gateway.traffic.RequestTape;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.RequestId;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Notes requests and hands what was noted to an [AuditWriter]. Thread-safe.
public final class AuditLog implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
    private static final double NANOS_PER_HUNDREDTH_MILLI = 1e4;

    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Supplier<? extends RandomGenerator> random;
    private final Supplier<String> ids;
    private final LongAdder dropped = new LongAdder();
    private final AuditWriter writer;
    private final RequestTape tape;
    private volatile AnswerRules.@Nullable Audit rule;

    /// @param nanos monotonic clock
    /// @param clock the time of day
    /// @param random gives the calling thread's generator
    /// @param tape that is given every request while somebody reads it
    /// @param control for a control that speaks TLS; null for a plain one
    public AuditLog(
            Metrics metrics,
            LongSupplier nanos,
            InstantSource clock,
            Supplier<? extends RandomGenerator> random,
            RequestTape tape,
            @Nullable SSLSocketFactory control) {
        this.tape = tape;
        this.nanos = nanos;
        this.clock = clock;
        this.random = random;
        this.ids = RequestId.source(random.get());
        this.writer = new AuditWriter(nanos, dropped::add, control);
        metrics.counted(GatewayMetrics.AUDIT, writer::written, "written");
        metrics.counted(GatewayMetrics.AUDIT, dropped::sum, "dropped");
        metrics.gauge(GatewayMetrics.AUDIT_WAITING, writer::waiting);
    }

    /// Takes another configuration; what waits goes to the new place.
    public void use(Optional<AnswerRules.Audit> next) {
        if (!next.equals(Optional.ofNullable(rule))) {
            writer.to(next);
            rule = next.orElse(null);
        }
    }

    /// Answers a request and writes down what became of it.
    public void around(ServerRequest request, ServerResponse response, Answering answering)
            throws InterruptedException {
        AnswerRules.Audit now = rule;
        boolean taped = tape.wanted();
        if (now == null && !taped) {
            answering.run();
            return;
        }
        double share = now == null ? 0 : now.payloadShare();
        boolean payload = share > 0 && random.get().nextDouble() < share;
        Noted note = new Noted(payload && now != null ? now.maxPayloadBytes() : 0);
        note(
                note,
                answering,
                () -> response.status().code(),
                (status, took) -> offer(note, request, status, took, now != null, taped));
    }

    /// As [#around], for a gRPC call.
    ///
    /// @param method its full name
    /// @param status as HTTP clients would have got it, once it was answered
    public void aroundCall(String method, String requestId, IntSupplier status, Answering answering)
            throws InterruptedException {
        boolean audited = rule != null;
        boolean taped = tape.wanted();
        if (!audited && !taped) {
            answering.run();
            return;
        }
        Noted note = new Noted(0);
        note(
                note,
                answering,
                status,
                (code, took) -> {
                    if (audited) {
                        offer(note, requestId, "POST", "/" + method, code, took);
                    }
                    if (taped) {
                        tape(note, code, took);
                    }
                });
    }

    /// @param status of an answer that ended well
    private void note(Noted note, Answering answering, IntSupplier status, Ending ending)
            throws InterruptedException {
        long began = nanos.getAsLong();
        Ended ended = new Ended();
        try {
            ScopedValue.where(Noted.CURRENT, note)
                    .call(() -> {
                        ended.run(answering);
                        return true;
                    });
        } finally {
            ending.ended(
                    ended.status == 0 ? status.getAsInt() : ended.status,
                    nanos.getAsLong() - began);
        }
    }

    private void offer(
            Noted note,
            ServerRequest request,
            int status,
            long tookNanos,
            boolean audited,
            boolean taped) {
        if (audited) {
            offer(
                    note,
                    RequestId.current(),
                    request.prologue().method().text(),
                    request.prologue().uriPath().rawPath(),
                    status,
                    tookNanos);
        }
        if (taped) {
            tape(note, status, tookNanos);
        }
    }

    /// Requests that were for no model are nobody's load.
    private void tape(Noted note, int status, long tookNanos) {
        note.line(clock.instant().minusNanos(tookNanos), status, hundredths(tookNanos))
                .ifPresent(tape::add);
    }

    private static double hundredths(long tookNanos) {
        return Math.round(tookNanos / NANOS_PER_HUNDREDTH_MILLI) / 100.0;
    }

    private void offer(
            Noted note, String requestId, String method, String path, int status, long tookNanos) {
        writer.offer(
                note.entry(
                        ids.get(),
                        clock.instant().minusNanos(tookNanos),
                        requestId,
                        method,
                        path,
                        status,
                        hundredths(tookNanos)));
    }

    /// Writes what waits, for a short while.
    @Override
    public void close() {
        writer.close(CLOSE_LIMIT);
    }

    /// Answers a request.
    @FunctionalInterface
    public interface Answering {
        void run() throws InterruptedException;
    }

    /// Is told how an answer ended, and after how long.
    @FunctionalInterface
    private interface Ending {
        void ended(int status, long tookNanos);
    }

    /// How an answer ended.
    private static final class Ended {
        private int status;

        void run(Answering answering) throws InterruptedException {
            try {
                answering.run();
            } catch (TidemillException e) {
                Noted.failed(e.code(), String.valueOf(e.getMessage()));
                status = e.code().httpStatus();
                throw e;
            } catch (CloseConnectionException e) {
                status = ErrorCode.CANCELLED.httpStatus();
                throw e;
            } catch (RuntimeException e) {
                status = ErrorCode.INTERNAL.httpStatus();
                throw e;
            }
        }
    }
}
