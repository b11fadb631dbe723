package dev.tidemill.gateway.forward;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Logs a warning that may come with every request at most once a second for each key, with the
/// number of those that were left out.
public final class RepeatedWarning {
    private static final long QUIET_NANOS = 1_000_000_000L;

    /// Keys come from the configuration; this only guards against one that changes for hours.
    private static final int MAX_KEYS = 1000;

    private final Logger logger;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<String, Last> lastByKey = new HashMap<>();

    public RepeatedWarning(Logger logger) {
        this.logger = logger;
    }

    public void warn(String key, Supplier<String> message, long nowNanos) {
        int leftOut = 0;
        synchronized (lock) {
            Last last = lastByKey.get(key);
            if (last != null && nowNanos - last.atNanos() < QUIET_NANOS) {
                lastByKey.put(key, new Last(last.atNanos(), last.leftOut() + 1));
                return;
            }
            if (last != null) {
                leftOut = last.leftOut();
            } else if (lastByKey.size() >= MAX_KEYS) {
                lastByKey.clear();
            }
            lastByKey.put(key, new Last(nowNanos, 0));
        }
        String more = leftOut == 0 ? "" : " (and %d times before)".formatted(leftOut);
        logger.log(Level.WARNING, message.get() + more);
    }

    private record Last(long atNanos, int leftOut) {}
}
