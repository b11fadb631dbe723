package dev.tidemill.gateway.admission;

import dev.tidemill.limits.Moment;
import java.time.InstantSource;
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
    private final InstantSource clock;
    private final int capacity;
    private final AtomicLong sweptNanos;

    /// @param nanos monotonic clock
    /// @param clock the time of day
    public Meters(LongSupplier nanos, InstantSource clock) {
        this(nanos, clock, CAPACITY);
    }

    Meters(LongSupplier nanos, InstantSource clock, int capacity) {
        this.nanos = nanos;
        this.clock = clock;
        this.capacity = capacity;
        this.sweptNanos = new AtomicLong(nanos.getAsLong() - SWEEP_NANOS);
    }

    LongSupplier nanos() {
        return nanos;
    }

    int size() {
        return meters.size();
    }

    Meter of(LimitRule rule, Asked asked, Moment now) {
        MeterKey key = rule.meter(asked);
        Entry known = meters.get(key);
        if (known != null) {
            return known.meter();
        }
        if (meters.size() >= capacity) {
            sweep(now);
        }
        MeterKey place = meters.size() < capacity ? key : MeterKey.overflow(rule.name());
        return meters.computeIfAbsent(place, _ -> new Entry(new Meter(rule.quota(), now), rule))
                .meter();
    }

    private void sweep(Moment now) {
        long nowNanos = now.nanos();
        long last = sweptNanos.get();
        if (nowNanos - last >= SWEEP_NANOS && sweptNanos.compareAndSet(last, nowNanos)) {
            meters.values().removeIf(entry -> entry.meter().isUnused(entry.rule().quota(), now));
        }
    }

    Moment now() {
        return new Moment(nanos.getAsLong(), clock.millis() / 1000);
    }

    private record Entry(Meter meter, LimitRule rule) {}
}
