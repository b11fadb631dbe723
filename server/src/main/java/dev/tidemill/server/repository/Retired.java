package dev.tidemill.server.repository;

import dev.tidemill.server.engine.ServedModel;
import java.util.ArrayList;
import java.util.List;

/// Versions that are closed for new requests and wait for the last old one to end.
final class Retired {
    private record Old(String version, ServedModel model) {}

    private final List<Old> old = new ArrayList<>();

    /// The memory goes with the last lease, at once when there is none.
    synchronized void retire(String version, ServedModel model) {
        model.close();
        if (!model.isReleased()) {
            old.add(new Old(version, model));
        }
    }

    /// The versions that somebody uses still.
    synchronized List<String> inUse() {
        old.removeIf(each -> each.model().isReleased());
        return old.stream().map(Old::version).distinct().toList();
    }
}
