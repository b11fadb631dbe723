package dev.tidemill.gateway.upstream;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// The idle connections to one replica, the last used first, so that after a burst the others grow
/// old and are closed.
final class ReplicaConnections {
    private static final int MAX_IDLE = 256;

    /// Shorter than servers keep theirs.
    private static final long MAX_IDLE_NANOS = 30_000_000_000L;

    private final Origin origin;
    private final ConnectionWatch watch;
    private final LongSupplier nanos;
    private final ConcurrentLinkedDeque<UpstreamConnection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger idleCount = new AtomicInteger();
    private volatile boolean retired;

    ReplicaConnections(Origin origin, ConnectionWatch watch, LongSupplier nanos) {
        this.origin = origin;
        this.watch = watch;
        this.nanos = nanos;
    }

    /// A kept connection, or a new one when none is kept or one is asked for.
    UpstreamConnection take(boolean fresh, long deadlineNanos) throws AttemptFailed {
        while (!fresh) {
            UpstreamConnection kept = idle.pollFirst();
            if (kept == null) {
                break;
            }
            idleCount.decrementAndGet();
            if (!isOld(kept, nanos.getAsLong())) {
                return kept;
            }
            kept.close();
        }
        return UpstreamConnection.open(origin, deadlineNanos, watch, nanos);
    }

    /// Keeps a connection whose answer has been read to its end.
    void give(UpstreamConnection connection) {
        long now = nanos.getAsLong();
        if (idleCount.incrementAndGet() > MAX_IDLE || !connection.idle(now)) {
            idleCount.decrementAndGet();
            connection.close();
            return;
        }
        idle.addFirst(connection);
        closeOldest(now);
        if (retired) {
            closeIdle();
        }
    }

    /// Closes what is idle: after one was found to be stale, or the replica has left.
    void closeIdle() {
        for (UpstreamConnection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            idleCount.decrementAndGet();
            kept.close();
        }
    }

    /// Closes what is idle now and whatever comes back later.
    void retire() {
        retired = true;
        closeIdle();
    }

    private void closeOldest(long now) {
        UpstreamConnection oldest = idle.peekLast();
        if (oldest != null && isOld(oldest, now) && idle.removeLastOccurrence(oldest)) {
            idleCount.decrementAndGet();
            oldest.close();
        }
    }

    private static boolean isOld(UpstreamConnection kept, long now) {
        return now - kept.idleSinceNanos() > MAX_IDLE_NANOS;
    }
}
