package dev.tidemill.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Logs defects with their stack traces, each kind at most once a minute: a broken model under load
/// fails thousands of times a second in the same way.
public final class FailureLog {
    private static final System.Logger LOGGER = System.getLogger(FailureLog.class.getName());
    private static final long MINUTE = 60_000_000_000L;
    private static final int MAX_KINDS = 100;

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Seen> kinds = new LinkedHashMap<>();

    /// @param nanos monotonic clock
    public FailureLog(LongSupplier nanos) {
        this.nanos = nanos;
    }

    public void add(String requestId, Throwable failure) {
        int before = notLoggedBefore(kindOf(failure));
        if (before >= 0) {
            String more = before == 0 ? "" : " (and %d times before)".formatted(before);
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    "request " + requestId + " failed: " + failure.getMessage() + more,
                    failure);
        }
    }

    /// How often this kind was left out since its last line; -1 when it is to be left out now.
    private int notLoggedBefore(String kind) {
        long now = nanos.getAsLong();
        lock.lock();
        try {
            Seen seen = kinds.get(kind);
            if (seen != null && now - seen.logged < MINUTE) {
                seen.leftOut++;
                return -1;
            }
            if (seen == null && kinds.size() == MAX_KINDS) {
                kinds.remove(kinds.keySet().iterator().next());
            }
            kinds.put(kind, new Seen(now));
            return seen == null ? 0 : seen.leftOut;
        } finally {
            lock.unlock();
        }
    }

    /// Class and place: messages differ by request.
    private static String kindOf(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : "@" + trace[0]);
    }

    private static final class Seen {
        private final long logged;
        private int leftOut;

        Seen(long logged) {
            this.logged = logged;
        }
    }
}
