package dev.tidemill.gateway.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers by their questions, bounded in number and bytes: the one that was not asked for longest
/// makes room. Thread-safe.
final class AnswerStore {
    private final int maxEntries;
    private final long maxBytes;
    private final long ttlNanos;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final LinkedHashMap<CacheKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    @GuardedBy("lock")
    private long bytes;

    @GuardedBy("lock")
    private final Sketches<Entry> meant = new Sketches<>();

    AnswerStore(int maxEntries, long maxBytes, long ttlNanos) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
        this.ttlNanos = ttlNanos;
    }

    @Nullable CachedAnswer get(CacheKey key, long nowNanos) {
        synchronized (lock) {
            Entry entry = entries.get(key);
            if (entry != null && nowNanos - entry.answer().atNanos() >= ttlNanos) {
                remove(key);
                return null;
            }
            return entry == null ? null : entry.answer();
        }
    }

    /// @param meaning of its question, where questions that mean the same are looked for
    void put(CacheKey key, CachedAnswer answer, @Nullable Meaning meaning) {
        Entry entry = new Entry(answer, meaning);
        if (entry.bytes() > maxBytes) {
            return;
        }
        synchronized (lock) {
            remove(key);
            entries.put(key, entry);
            bytes += entry.bytes();
            if (meaning != null) {
                entry.place = meant.add(meaning.sketch(), entry);
            }
            Iterator<Map.Entry<CacheKey, Entry>> oldest = entries.entrySet().iterator();
            while (entries.size() > maxEntries || bytes > maxBytes) {
                Entry gone = oldest.next().getValue();
                oldest.remove();
                forget(gone);
            }
        }
    }

    /// The answer to the question that is nearest in meaning, among those with the same
    /// surroundings.
    ///
    /// @param threshold the least similarity
    @Nullable Near nearest(Meaning meaning, double threshold, long nowNanos) {
        Near best = null;
        double least = threshold;
        List<Entry> candidates;
        synchronized (lock) {
            candidates = meant.near(meaning.sketch(), Sketch.mostApart(threshold));
        }
        for (Entry entry : candidates) {
            Meaning other = entry.meaning();
            if (other == null
                    || !other.around().equals(meaning.around())
                    || nowNanos - entry.answer().atNanos() >= ttlNanos) {
                continue;
            }
            double similarity = other.similarity(meaning, least);
            if (similarity >= least && (best == null || similarity > best.similarity())) {
                best = new Near(entry.answer(), similarity);
                least = similarity;
            }
        }
        return best;
    }

    int size() {
        synchronized (lock) {
            return entries.size();
        }
    }

    long bytes() {
        synchronized (lock) {
            return bytes;
        }
    }

    @GuardedBy("lock")
    private void remove(CacheKey key) {
        Entry gone = entries.remove(key);
        if (gone != null) {
            forget(gone);
        }
    }

    /// The entry is not in [#entries] any more.
    @GuardedBy("lock")
    private void forget(Entry gone) {
        bytes -= gone.bytes();
        if (gone.place >= 0) {
            meant.remove(gone.place);
        }
    }

    record Near(CachedAnswer answer, double similarity) {}

    private static final class Entry {
        private final CachedAnswer answer;
        private final @Nullable Meaning meaning;

        /// Among those with a meaning; with the lock.
        private int place = -1;

        Entry(CachedAnswer answer, @Nullable Meaning meaning) {
            this.answer = answer;
            this.meaning = meaning;
        }

        CachedAnswer answer() {
            return answer;
        }

        @Nullable Meaning meaning() {
            return meaning;
        }

        long bytes() {
            return answer.bytes() + (meaning == null ? 0 : meaning.bytes());
        }
    }
}
