package dev.tidemill.gateway.access;

import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.limits.Rate;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Counts wrong keys by the address that they come from, over configurations. Who has tried too
/// many is told so instead of that the key is wrong. Right keys are never counted, so nobody is
/// locked out by a neighbour behind the same address. Bounded: when too many addresses try,
/// newcomers share one count.
public final class WrongKeys {
    private static final int CAPACITY = 10_000;
    private static final long SWEEP_NANOS = 1_000_000_000L;
    private static final String OVERFLOW = "*";

    private final Map<String, Rate.Level> levels = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final int capacity;
    private final AtomicLong sweptNanos;
    private final Counter refused;
    private final Counter limited;

    /// @param nanos monotonic clock
    public WrongKeys(LongSupplier nanos, Metrics metrics) {
        this(nanos, metrics, CAPACITY);
    }

    WrongKeys(LongSupplier nanos, Metrics metrics, int capacity) {
        this.nanos = nanos;
        this.capacity = capacity;
        this.sweptNanos = new AtomicLong(nanos.getAsLong() - SWEEP_NANOS);
        this.refused = metrics.counter(GatewayMetrics.WRONG_KEYS, "refused");
        this.limited = metrics.counter(GatewayMetrics.WRONG_KEYS, "limited");
    }

    /// Another one came.
    ///
    /// @param rate of wrong keys that an address may try
    /// @param said gets `Retry-After` when it has tried too many
    /// @return what the client is told: `why`, or `RATE_LIMITED`
    TidemillException count(
            String address, Rate rate, TidemillException why, ServerResponseHeaders said) {
        long now = nanos.getAsLong();
        String place = place(network(address), rate, now);
        boolean[] within = new boolean[1];
        Rate.Level level =
                levels.compute(
                        place,
                        (_, known) -> {
                            Rate.Level before =
                                    known == null ? rate.full(now) : rate.at(known, now);
                            within[0] = rate.covers(before, 1);
                            return within[0] ? rate.take(before, 1) : before;
                        });
        if (within[0]) {
            refused.increment();
            return why;
        }
        limited.increment();
        Duration wait = Duration.ofNanos(Math.max(1, rate.waitNanos(level, 1)));
        said.remove(HeaderNames.WWW_AUTHENTICATE);
        said.set(HeaderNames.RETRY_AFTER, Long.toString(wait.plusNanos(999_999_999).toSeconds()));
        return new TidemillException(
                ErrorCode.RATE_LIMITED,
                "key: 'hidden' (expected: one that is valid; this address has tried too many others,"
                        + " the next one after %s)".formatted(DurationText.format(wait)));
    }

    int size() {
        return levels.size();
    }

    private String place(String address, Rate rate, long now) {
        if (levels.containsKey(address)) {
            return address;
        }
        long last = sweptNanos.get();
        if (levels.size() >= capacity
                && now - last >= SWEEP_NANOS
                && sweptNanos.compareAndSet(last, now)) {
            levels.values().removeIf(level -> rate.at(level, now).left() >= rate.burst());
        }
        return levels.size() < capacity ? address : OVERFLOW;
    }

    /// Who has an IPv6 address has its whole /64.
    static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        int end = -1;
        for (int i = 0; i < 4; i++) {
            int next = address.indexOf(':', end + 1);
            if (next < 0) {
                return address;
            }
            end = next;
        }
        return address.substring(0, end);
    }
}
