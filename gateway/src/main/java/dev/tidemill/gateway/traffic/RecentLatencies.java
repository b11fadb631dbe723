package dev.tidemill.gateway.traffic;

import dev.tidemill.routing.HedgeDelay;
import dev.tidemill.routing.canary.Latencies;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/// How long answers took of late: what is older counts half as much after every thousand. What it
/// says is off by the few that come at the same moment, which nobody misses. Thread-safe.
public final class RecentLatencies {
    private static final int HALVED_AFTER = 1_000;
    private static final int LEARNED_EVERY = 50;

    private final AtomicLongArray counts = new AtomicLongArray(Latencies.BUCKETS);
    private final AtomicInteger recorded = new AtomicInteger();
    private final AtomicLong learned = new AtomicLong(-1);

    /// @param rule what is learned for it, now and then
    public void record(long nanos, HedgeDelay rule) {
        counts.incrementAndGet(Latencies.bucketOf(nanos));
        int count = recorded.incrementAndGet();
        if (count % HALVED_AFTER == 0) {
            for (int i = 0; i < Latencies.BUCKETS; i++) {
                counts.updateAndGet(i, before -> before / 2);
            }
        }
        if (count % LEARNED_EVERY == 0) {
            learned.set(rule.nanos(seen()));
        }
    }

    /// After what time a second replica is asked; -1 when that is not known.
    public long delay(HedgeDelay rule) {
        return switch (rule) {
            case HedgeDelay.Fixed(long nanos) -> nanos;
            case HedgeDelay.Quantile _ -> learned.get();
        };
    }

    private Latencies seen() {
        return Latencies.of(IntStream.range(0, Latencies.BUCKETS).mapToLong(counts::get).toArray());
    }
}
