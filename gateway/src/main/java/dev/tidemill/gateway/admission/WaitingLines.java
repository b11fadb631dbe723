package dev.tidemill.gateway.admission;

import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.limits.Rate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps clients that do not stop asking from filling the processor with refusals: the first few
/// refusals of a limit are told at once, further ones up to a second later, and who is refused
/// because too many requests are under way gets the next place that becomes free meanwhile. Bounded
/// by the bytes that those hold who wait; who does not fit is refused at once.
final class WaitingLines {
    /// Refusals that each limit tells at once.
    private static final Rate PROMPT = new Rate(60 * 50, 50);

    private static final long HOLD_NANOS = 1_000_000_000L;
    private static final long MAX_BYTES = 32 << 20;
    private static final int MAX_LINES = 10_000;

    /// What a waiting request holds beside its body, about.
    private static final int REQUEST_BYTES = 24 << 10;

    private final Map<MeterKey, WaitingLine> lines = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final Rate prompt;
    private final long holdNanos;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger waiting = new AtomicInteger();

    /// @param nanos monotonic clock
    WaitingLines(LongSupplier nanos, Metrics metrics) {
        this(nanos, metrics, PROMPT, HOLD_NANOS);
    }

    /// @param prompt pace of refusals of one limit that are told at once
    /// @param holdNanos the longest wait
    WaitingLines(LongSupplier nanos, Metrics metrics, Rate prompt, long holdNanos) {
        this.nanos = nanos;
        this.prompt = prompt;
        this.holdNanos = holdNanos;
        metrics.gauge(GatewayMetrics.LIMITED_WAITING, waiting::get);
    }

    /// One whom a limit has refused.
    ///
    /// @param forPlace whether because too many are under way
    /// @param body bytes of it
    /// @return null when it is to hear so at once
    @Nullable Wait enter(MeterKey limit, boolean forPlace, int body) {
        long now = nanos.getAsLong();
        if (lines.size() >= MAX_LINES) {
            lines.values().removeIf(line -> line.isIdle(now));
            if (lines.size() >= MAX_LINES) {
                return null;
            }
        }
        WaitingLine.Turn[] turn = new WaitingLine.Turn[1];
        int held = body + REQUEST_BYTES;
        lines.compute(
                limit,
                (_, known) -> {
                    WaitingLine here = known == null ? new WaitingLine(prompt, now) : known;
                    if (!here.isPrompt(now) && take(held)) {
                        turn[0] = here.join(forPlace);
                    }
                    return here;
                });
        return turn[0] == null ? null : new Wait(turn[0], held, now + holdNanos);
    }

    private boolean take(int held) {
        if (bytes.addAndGet(held) > MAX_BYTES) {
            bytes.addAndGet(-held);
            return false;
        }
        waiting.incrementAndGet();
        return true;
    }

    boolean isEmpty() {
        return waiting.get() == 0;
    }

    int waiting() {
        return waiting.get();
    }

    /// A request that took a place has ended.
    void freed(MeterKey limit) {
        WaitingLine line = lines.get(limit);
        if (line != null) {
            line.call();
        }
    }

    /// A request that waits. Used by one thread.
    final class Wait implements AutoCloseable {
        private final WaitingLine.Turn turn;
        private final int held;
        private final long untilNanos;
        private boolean served;

        private Wait(WaitingLine.Turn turn, int held, long untilNanos) {
            this.turn = turn;
            this.held = held;
            this.untilNanos = untilNanos;
        }

        /// Waits for a place.
        ///
        /// @return false when the time is over
        boolean await() throws InterruptedException {
            return turn.await(untilNanos - nanos.getAsLong());
        }

        /// It has a place, and is let in.
        void served() {
            served = true;
        }

        @Override
        public void close() {
            turn.leave(served);
            waiting.decrementAndGet();
            bytes.addAndGet(-held);
        }
    }
}
