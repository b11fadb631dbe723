package dev.tidemill.server.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.runtimes.spi.Tensor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// Answers of all models, bounded in bytes; the ones not asked for longest go first. Thread-safe.
public final class ResponseCache {
    /// Of an entry beside its values: key, map entry, headers of objects.
    private static final long OVERHEAD = 256;

    private final long maxBytes;
    private final AtomicLong owners = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Question, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private long evictions;

    public ResponseCache(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException(
                    "maxBytes: '%d' (expected: >= 1)".formatted(maxBytes));
        }
        this.maxBytes = maxBytes;
    }

    /// An answer.
    ///
    /// @param rows that were run for it
    public record Answer(List<Tensor> outputs, int rows) {}

    /// What is held now, and how many answers had to make room since the start.
    public record Usage(long bytes, long entries, long evictions) {}

    private record Entry(Answer answer, long owner, long bytes) {}

    /// A loaded version's share. Two loads of one version never see each other's answers: the files
    /// may have changed in between.
    public Part part(String model, String version) {
        return new Part(model, version, owners.incrementAndGet());
    }

    public Usage usage() {
        lock.lock();
        try {
            return new Usage(bytes, entries.size(), evictions);
        } finally {
            lock.unlock();
        }
    }

    private void add(Question question, Entry entry) {
        if (entry.bytes() > maxBytes) {
            return;
        }
        lock.lock();
        try {
            Entry before = entries.put(question, entry);
            bytes += entry.bytes() - (before == null ? 0 : before.bytes());
            Iterator<Entry> oldest = entries.values().iterator();
            while (bytes > maxBytes) {
                bytes -= oldest.next().bytes();
                oldest.remove();
                evictions++;
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(long owner) {
        lock.lock();
        try {
            Iterator<Entry> all = entries.values().iterator();
            while (all.hasNext()) {
                Entry entry = all.next();
                if (entry.owner() == owner) {
                    bytes -= entry.bytes();
                    all.remove();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// The answers of one loaded version.
    public final class Part implements AutoCloseable {
        private final String model;
        private final String version;
        private final long owner;
        private volatile boolean closed;

        private Part(String model, String version, long owner) {
            this.model = model;
            this.version = version;
            this.owner = owner;
        }

        /// @param wanted outputs in the order asked for; empty for all
        public Question question(List<Tensor> inputs, List<String> wanted) {
            return Question.of(model, version, owner, inputs, wanted);
        }

        public Optional<Answer> find(Question question) {
            Entry found;
            lock.lock();
            try {
                found = entries.get(question);
            } finally {
                lock.unlock();
            }
            return found == null
                    ? Optional.empty()
                    : Optional.of(
                            new Answer(
                                    Copies.handedOut(found.answer().outputs()),
                                    found.answer().rows()));
        }

        /// Keeps a copy of the answer, when it fits at all.
        public void add(Question question, Answer answer) {
            long size = Copies.bytes(answer.outputs()) + OVERHEAD;
            if (size <= maxBytes && !closed) {
                List<Tensor> kept = Copies.kept(answer.outputs());
                ResponseCache.this.add(
                        question, new Entry(new Answer(kept, answer.rows()), owner, size));
                if (closed) {
                    forget(owner);
                }
            }
        }

        /// Gives the memory back; answers that come later are not kept.
        @Override
        public void close() {
            closed = true;
            forget(owner);
        }
    }
}
