package dev.tidemill.server.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The last runs of a version, for people who ask why a batch was as it was.
public final class RecentBatches {
    private static final int KEPT = 128;

    private final AtomicReferenceArray<BatchRecord> ring = new AtomicReferenceArray<>(KEPT);
    private final AtomicLong count = new AtomicLong();

    public void add(BatchRecord run) {
        ring.set((int) (count.getAndIncrement() % KEPT), run);
    }

    /// Newest first.
    public List<BatchRecord> list() {
        long newest = count.get() - 1;
        List<BatchRecord> recent = new ArrayList<>(KEPT);
        for (long i = newest; i >= 0 && i > newest - KEPT; i--) {
            BatchRecord run = ring.get((int) (i % KEPT));
            if (run != null) {
                recent.add(run);
            }
        }
        return recent;
    }
}
