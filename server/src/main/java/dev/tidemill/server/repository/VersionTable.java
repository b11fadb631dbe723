package dev.tidemill.server.repository;

import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.modelconfig.ModelConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The versions of one model that are to be served, and what requests see of them. Changed by one
/// thread at a time; [#view] is for all threads, and follows every change at once.
final class VersionTable {
    private final String model;
    private final TreeMap<String, VersionSlot> slots = new TreeMap<>(VersionFiles.NEWEST_FIRST);
    private Map<String, String> labels = Map.of();

    /// Labels that are given as soon as their versions are ready.
    private Map<String, String> pending = Map.of();

    private volatile ModelView view = ModelView.EMPTY;

    VersionTable(String model) {
        this.model = model;
    }

    ModelView view() {
        return view;
    }

    /// Newest first.
    List<String> versions() {
        return List.copyOf(slots.keySet());
    }

    /// Marks those as loading that are not loaded as they lie on the disk now.
    ///
    /// @param again whether those count too that failed before and are unchanged
    /// @return those, in the order of `target`
    List<VersionFiles> begin(List<VersionFiles> target, ModelConfig config, boolean again) {
        List<VersionFiles> changed = new ArrayList<>();
        for (VersionFiles files : target) {
            VersionSlot slot = slots.get(files.version());
            if (slot == null || !slot.isOf(files, config) || (!slot.reason().isEmpty() && again)) {
                changed.add(files);
                slots.put(
                        files.version(),
                        new VersionSlot(files, config, model(files.version()), true, ""));
            }
        }
        publish();
        return changed;
    }

    /// What answers requests for a version now.
    Optional<ServedModel> model(String version) {
        VersionSlot slot = slots.get(version);
        return slot == null ? Optional.empty() : slot.model();
    }

    /// Nobody gets the one before from here on.
    void ready(VersionFiles files, ModelConfig config, ServedModel loaded) {
        slots.put(files.version(), new VersionSlot(files, config, Optional.of(loaded), false, ""));
        publish();
    }

    /// The one before, if there is one, answers on.
    void failed(VersionFiles files, ModelConfig config, String reason) {
        Optional<ServedModel> before = model(files.version());
        slots.put(
                files.version(),
                new VersionSlot(
                        files,
                        config,
                        before,
                        false,
                        before.isPresent()
                                ? "changed, and the one before serves on: " + reason
                                : reason));
        publish();
    }

    /// Whether all of these are loaded as they should be, and answer.
    boolean isDone(List<VersionFiles> target) {
        return target.stream()
                .allMatch(files -> {
                    VersionSlot slot = slots.get(files.version());
                    return slot != null && slot.reason().isEmpty() && view.answers(files.version());
                });
    }

    /// @return what answered until now
    Optional<ServedModel> remove(String version) {
        Optional<ServedModel> before = model(version);
        slots.remove(version);
        publish();
        return before;
    }

    boolean hasLabel(String label) {
        return labels.containsKey(label);
    }

    /// @param wished names for versions, instead of those before
    void label(Map<String, String> wished) {
        labels = Map.copyOf(wished);
        pending = Map.of();
        publish();
    }

    /// As above, for versions of which some come later: each gets its name once it is ready.
    void expect(Map<String, String> wished) {
        labels = Map.of();
        pending = Map.copyOf(wished);
        publish();
    }

    private void publish() {
        ModelView next = ModelView.of(model, slots, labels);
        if (!pending.isEmpty()) {
            Map<String, String> given = new HashMap<>(labels);
            Map<String, String> open = new HashMap<>();
            pending.forEach((label, version) ->
                    (next.ready().containsKey(version) ? given : open).put(label, version));
            labels = Map.copyOf(given);
            pending = Map.copyOf(open);
        }
        view = ModelView.of(model, slots, labels);
    }
}
