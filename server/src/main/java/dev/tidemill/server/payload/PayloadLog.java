package dev.tidemill.server.payload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes entries from requests without ever making them wait, and hands them to a sink on a thread
/// of its own. When the sink is slower than the requests, entries are dropped and counted.
public final class PayloadLog implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(PayloadLog.class.getName());
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final Terms terms;
    private final PayloadSink sink;
    private final AtomicLong asked = new AtomicLong();
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread writer;

    @GuardedBy("lock")
    private final Deque<PayloadEntry> waiting = new ArrayDeque<>();

    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private boolean closed;

    /// @param models to log; empty for all
    /// @param sampling share of the requests, 0 to 1
    /// @param maxEntries that wait for the sink
    /// @param maxBytes of them together
    public record Terms(Set<String> models, double sampling, int maxEntries, long maxBytes) {
        public Terms {
            models = Set.copyOf(models);
            if (!(sampling >= 0 && sampling <= 1)) {
                throw new IllegalArgumentException(
                        "sampling: '%s' (expected: 0 to 1)".formatted(sampling));
            }
            if (maxEntries < 1 || maxBytes < 1) {
                throw new IllegalArgumentException(
                        "payload log: '%d entries, %d bytes' (expected: >= 1)"
                                .formatted(maxEntries, maxBytes));
            }
        }
    }

    /// @param sink is closed with the log
    public PayloadLog(Terms terms, PayloadSink sink) {
        this.terms = terms;
        this.sink = sink;
        this.writer = Thread.ofPlatform().daemon().name("payload-log").start(this::write);
    }

    /// Whether the next request of a model is to be logged. The choice is spread evenly and does
    /// not depend on what the request says.
    public boolean wants(String model) {
        if (!terms.models().isEmpty() && !terms.models().contains(model)) {
            return false;
        }
        return terms.sampling() >= 1 || share(asked.incrementAndGet()) < terms.sampling();
    }

    /// Takes an entry when there is room for it; never waits.
    public void add(PayloadEntry entry) {
        long size = entry.bytes();
        lock.lock();
        try {
            if (closed || waiting.size() >= terms.maxEntries() || size > terms.maxBytes() - bytes) {
                dropped.increment();
                return;
            }
            waiting.addLast(entry);
            bytes += size;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    public long written() {
        return written.sum();
    }

    /// Entries for which there was no room.
    public long dropped() {
        return dropped.sum();
    }

    /// Entries that the sink could not take.
    public long failed() {
        return failed.sum();
    }

    /// Writes what waits, for a short time, and ends.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            writer.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
    }

    private void write() {
        try (sink) {
            PayloadEntry entry = next();
            while (entry != null) {
                write(entry);
                entry = next();
            }
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "payload log: cannot be closed: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(PayloadEntry entry) {
        try {
            sink.write(entry);
            if (isIdle()) {
                sink.flush();
            }
            written.increment();
        } catch (IOException | RuntimeException e) {
            if (failed.sum() == 0) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "payload log: the first entry is lost (further ones are counted only): "
                                + e);
            }
            failed.increment();
        }
    }

    private boolean isIdle() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// @return null at the end
    private @Nullable PayloadEntry next() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.await();
            }
            PayloadEntry entry = waiting.pollFirst();
            if (entry != null) {
                bytes -= entry.bytes();
            }
            return entry;
        } finally {
            lock.unlock();
        }
    }

    /// Spreads 1, 2, 3, ... over 0 to 1 (the finishing steps of SplitMix64).
    private static double share(long count) {
        long mixed = count * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1.0p-53;
    }
}
