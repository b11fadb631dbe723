package dev.tidemill.http.tls;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Counts those who were refused, and says why: each reason at most once a minute, for they come
/// again and again.
final class Refusals {
    private static final System.Logger LOGGER = System.getLogger(Refusals.class.getName());
    private static final long MINUTE = 60_000_000_000L;
    private static final int MOST = 100;

    private final LongSupplier nanos;
    private final LongAdder count = new LongAdder();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<String, Long> told = new LinkedHashMap<>();

    /// @param nanos monotonic clock
    Refusals(LongSupplier nanos) {
        this.nanos = nanos;
    }

    long count() {
        return count.sum();
    }

    /// @param who by its certificate
    /// @param where its address, or nothing
    void add(String who, String where, String why) {
        count.increment();
        if (isNew(who + why)) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "TLS: refused %s%s: %s"
                            .formatted(who, where.isEmpty() ? "" : " at " + where, why));
        }
    }

    private boolean isNew(String reason) {
        long now = nanos.getAsLong();
        synchronized (lock) {
            Long last = told.get(reason);
            if (last != null && now - last < MINUTE) {
                return false;
            }
            if (last == null && told.size() == MOST) {
                told.remove(told.keySet().iterator().next());
            }
            told.put(reason, now);
            return true;
        }
    }
}
