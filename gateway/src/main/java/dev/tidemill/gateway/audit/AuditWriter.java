package dev.tidemill.gateway.audit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.gateway.config.AnswerRules;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// A bounded queue of entries and the thread that writes them. A place that does not take them is
/// asked again, after longer and longer pauses; meanwhile the queue fills and then drops.
final class AuditWriter {
    /// Entries that may wait: some megabytes.
    static final int CAPACITY = 16_384;

    private static final Logger LOGGER = System.getLogger(AuditWriter.class.getName());
    private static final int BATCH = 500;
    private static final int MAX_PAYLOADS = 256;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final long FIRST_PAUSE_MILLIS = 250;

    private final ArrayBlockingQueue<AuditEntry> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final LongConsumer dropped;
    private final LongSupplier nanos;
    private final @Nullable SSLSocketFactory tls;
    private final LongAdder written = new LongAdder();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private Optional<AnswerRules.Audit> wanted = Optional.empty();

    @GuardedBy("lock")
    private @Nullable Thread thread;

    private volatile boolean closing;
    private volatile int batchSize;

    /// @param dropped is told how many entries were given up
    /// @param tls for a control that speaks it; null for a plain one
    AuditWriter(LongSupplier nanos, LongConsumer dropped, @Nullable SSLSocketFactory tls) {
        this.tls = tls;
        this.nanos = nanos;
        this.dropped = dropped;
    }

    void to(Optional<AnswerRules.Audit> next) {
        synchronized (lock) {
            wanted = next;
            if (thread == null && next.isPresent() && !closing) {
                thread = Thread.ofVirtual().name("audit").start(this::run);
            }
            // One that pauses since the old place does not answer need not.
            lock.notifyAll();
        }
    }

    void offer(AuditEntry entry) {
        boolean many = queue.size() > MAX_PAYLOADS;
        if (closing || !queue.offer(many ? entry.withoutPayload() : entry)) {
            dropped.accept(1);
        }
    }

    double written() {
        return written.sum();
    }

    int waiting() {
        return queue.size() + batchSize;
    }

    void close(Duration limit) {
        Thread writing;
        synchronized (lock) {
            closing = true;
            writing = thread;
            lock.notifyAll();
        }
        if (writing != null) {
            try {
                if (!writing.join(limit)) {
                    writing.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        dropped.accept(queue.size());
    }

    private void run() {
        List<AuditEntry> batch = new ArrayList<>(BATCH);
        Optional<AnswerRules.Audit> open = Optional.empty();
        AuditSink sink = null;
        int failures = 0;
        try {
            while (!closing || !queue.isEmpty() || !batch.isEmpty()) {
                fill(batch);
                Optional<AnswerRules.Audit> now = wanted();
                if (!now.equals(open)) {
                    close(sink);
                    sink = now.map(this::sink).orElse(null);
                    open = now;
                    failures = 0;
                }
                if (batch.isEmpty()) {
                    continue;
                }
                if (now.isEmpty()) {
                    giveUp(batch);
                    continue;
                }
                if (sink == null) {
                    failures = failed(batch, failures, null);
                    continue;
                }
                try {
                    sink.write(batch);
                    written.add(batch.size());
                    batch.clear();
                    batchSize = 0;
                    if (failures > 0) {
                        LOGGER.log(Level.INFO, "the audit log is written again");
                    }
                    failures = 0;
                } catch (IOException e) {
                    failures = failed(batch, failures, e);
                } catch (RuntimeException e) {
                    LOGGER.log(Level.ERROR, "entries of the audit log are refused", e);
                    giveUp(batch);
                }
            }
        } catch (InterruptedException e) {
            dropped.accept(batch.size());
        } finally {
            close(sink);
        }
    }

    private void fill(List<AuditEntry> batch) throws InterruptedException {
        if (batch.isEmpty()) {
            AuditEntry first = queue.poll(200, TimeUnit.MILLISECONDS);
            if (first == null) {
                return;
            }
            batch.add(first);
            queue.drainTo(batch, BATCH - 1);
            batchSize = batch.size();
        }
    }

    /// Waits for a while, or for another place; gives the batch up when the process ends.
    private int failed(List<AuditEntry> batch, int failures, @Nullable Exception why)
            throws InterruptedException {
        if (failures == 0 && why != null) {
            LOGGER.log(
                    Level.WARNING,
                    "the audit log cannot be written, %d entries wait: %s"
                            .formatted(waiting(), why.getMessage()));
        }
        if (closing) {
            giveUp(batch);
            return failures + 1;
        }
        long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 8));
        long until = nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(pause);
        synchronized (lock) {
            Optional<AnswerRules.Audit> before = wanted;
            while (!closing && wanted.equals(before)) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - nanos.getAsLong());
                if (left <= 0) {
                    break;
                }
                lock.wait(left);
            }
        }
        return failures + 1;
    }

    private void giveUp(List<AuditEntry> batch) {
        dropped.accept(batch.size());
        batch.clear();
        batchSize = 0;
    }

    private Optional<AnswerRules.Audit> wanted() {
        synchronized (lock) {
            return wanted;
        }
    }

    /// Null while nobody takes it: control is not there yet.
    private @Nullable AuditSink sink(AnswerRules.Audit audit) {
        if (audit.control().isPresent()) {
            return new ControlSink(audit.control().get(), audit.tokenFile().map(Path::of), tls);
        }
        return audit.file()
                .map(file -> new FileSink(Path.of(file), audit.maxFileBytes(), audit.keep()))
                .orElse(null);
    }

    private static void close(@Nullable AuditSink sink) {
        if (sink != null) {
            sink.close();
        }
    }
}
