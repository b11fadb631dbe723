package dev.tidemill.gateway.admission;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// What everybody has used, in this process. Bounded: meters that nobody misses are dropped when
/// there are too many, and when that is not enough, newcomers share one.
public final class Meters {
    private static final int CAPACITY = 100_000;
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final Map<MeterKey, Entry> meters = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final int capacity;
    private final AtomicLong sweptNanos;

    /// @param nanos monotonic clock
    public Meters(LongSupplier nanos) {
        this(nanos, CAPACITY);
    }

    Meters(LongSupplier nanos, int capacity) {
        this.nanos = nanos;
        this.capacity = capacity;
        this.sweptNanos = new AtomicLong(nanos.getAsLong() - SWEEP_NANOS);
    }

    int size() {
        return meters.size();
    }

    Meter of(LimitRule rule, Asked asked, long nowNanos) {
        MeterKey key = rule.meter(asked);
        Entry known = meters.get(key);
        if (known != null) {
            return known.meter();
        }
        if (meters.size() >= capacity) {
            sweep(nowNanos);
        }
        MeterKey place = meters.size() < capacity ? key : MeterKey.overflow(rule.name());
        return meters.computeIfAbsent(
                        place, _ -> new Entry(new Meter(rule.quota(), nowNanos), rule))
                .meter();
    }

    private void sweep(long nowNanos) {
        long last = sweptNanos.get();
        if (nowNanos - last >= SWEEP_NANOS && sweptNanos.compareAndSet(last, nowNanos)) {
            meters.values()
                    .removeIf(entry -> entry.meter().isUnused(entry.rule().quota(), nowNanos));
        }
    }

    long now() {
        return nanos.getAsLong();
    }

    private record Entry(Meter meter, LimitRule rule) {}
}
