package dev.tidemill.server.repository;

import dev.tidemill.server.engine.ServedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Versions that are closed for new requests and wait for the last old one to end.
final class Retired {
    private static final Duration LOOK = Duration.ofMillis(200);

    private record Old(String version, ServedModel model) {}

    private final NativeHeap heap;
    private final List<Old> old = new ArrayList<>();

    Retired(NativeHeap heap) {
        this.heap = heap;
    }

    /// The memory goes with the last lease, at once when there is none.
    void retire(String version, ServedModel model) {
        model.close();
        if (model.isReleased()) {
            heap.giveBack();
            return;
        }
        synchronized (this) {
            old.add(new Old(version, model));
        }
        Thread.ofVirtual().name("retiring").start(() -> await(model));
    }

    /// The versions that somebody uses still.
    synchronized List<String> inUse() {
        old.removeIf(each -> each.model().isReleased());
        return old.stream().map(Old::version).distinct().toList();
    }

    private void await(ServedModel model) {
        try {
            while (!model.isReleased()) {
                Thread.sleep(LOOK);
            }
            inUse();
            heap.giveBack();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
