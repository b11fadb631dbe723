package dev.tidemill.server.repository;

import dev.tidemill.server.engine.ServedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// What a request sees of a model: one consistent state, never changed, replaced as a whole.
///
/// @param newest of the versions that are ready
/// @param ready by version, newest first
/// @param statuses of all versions, newest first
/// @param labels to versions
record ModelView(
        Optional<ServedModel> newest,
        Map<String, ServedModel> ready,
        List<VersionStatus> statuses,
        Map<String, String> labels) {
    static final ModelView EMPTY = new ModelView(Optional.empty(), Map.of(), List.of(), Map.of());

    /// @param slots newest first
    static ModelView of(
            String name, SortedMap<String, VersionSlot> slots, Map<String, String> labels) {
        Map<String, ServedModel> ready = new LinkedHashMap<>();
        List<VersionStatus> statuses = new ArrayList<>();
        slots.forEach((version, slot) -> {
            slot.model().ifPresent(model -> ready.put(version, model));
            statuses.add(slot.status(name));
        });
        return new ModelView(
                ready.values().stream().findFirst(),
                ready,
                List.copyOf(statuses),
                Map.copyOf(labels));
    }

    /// The newest version that answers requests: ready, and no ensemble that misses a model.
    Optional<ServedModel> usable() {
        if (newest.isEmpty() || newest.get().obstacle().isEmpty()) {
            return newest;
        }
        return ready.values().stream().filter(model -> model.obstacle().isEmpty()).findFirst();
    }

    boolean answers(String version) {
        ServedModel model = ready.get(version);
        return model != null && model.obstacle().isEmpty();
    }

    /// What a version's status is once its models are looked at, when it is an ensemble.
    VersionStatus today(VersionStatus status) {
        ServedModel model = ready.get(status.version());
        if (!status.isReady() || model == null) {
            return status;
        }
        return model.obstacle()
                .map(obstacle ->
                        new VersionStatus(
                                status.model(),
                                status.version(),
                                VersionStatus.State.UNAVAILABLE,
                                obstacle))
                .orElse(status);
    }
}
