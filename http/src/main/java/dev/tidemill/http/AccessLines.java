package dev.tidemill.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Writes the access log. Thread-safe.
public final class AccessLines {
    static final int MAX_FAILURES_PER_SECOND = 20;

    private static final System.Logger LOGGER = System.getLogger("access");
    private static final long SECOND = 1_000_000_000L;

    private final AccessLog which;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private long windowBegin;

    @GuardedBy("lock")
    private int written;

    @GuardedBy("lock")
    private int leftOut;

    /// @param nanos monotonic clock
    public AccessLines(AccessLog which, LongSupplier nanos) {
        this.which = which;
        this.nanos = nanos;
        this.windowBegin = nanos.getAsLong();
    }

    /// @param status [RequestFilter#CUT_OFF] for answers that did not get through
    void add(String method, String path, int status, long tookNanos, String requestId) {
        add(method, path, status, tookNanos, requestId, "");
    }

    /// @param status 0 for an answer that did not get through
    /// @param traceId empty for none
    public void add(
            String method,
            String path,
            int status,
            long tookNanos,
            String requestId,
            String traceId) {
        boolean wanted =
                switch (which) {
                    case OFF -> false;
                    case FAILURES ->
                            (status >= 400 || status == RequestFilter.CUT_OFF) && mayWrite();
                    case ALL -> true;
                };
        if (wanted && LOGGER.isLoggable(System.Logger.Level.INFO)) {
            Map<String, Object> fields = LinkedHashMap.newLinkedHashMap(6);
            fields.put("method", method);
            fields.put("path", path);
            fields.put("status", status);
            fields.put("millis", Math.round(tookNanos / 1e4) / 100.0);
            fields.put("requestId", requestId);
            if (!traceId.isEmpty()) {
                fields.put("traceId", traceId);
            }
            LOGGER.log(System.Logger.Level.INFO, "request", fields);
        }
    }

    private boolean mayWrite() {
        int before = 0;
        lock.lock();
        try {
            if (nanos.getAsLong() - windowBegin >= SECOND) {
                windowBegin = nanos.getAsLong();
                before = leftOut;
                written = 0;
                leftOut = 0;
            }
            if (written == MAX_FAILURES_PER_SECOND) {
                leftOut++;
                return false;
            }
            written++;
        } finally {
            lock.unlock();
        }
        if (before > 0) {
            LOGGER.log(
                    System.Logger.Level.INFO, "%d more requests failed before".formatted(before));
        }
        return true;
    }
}
