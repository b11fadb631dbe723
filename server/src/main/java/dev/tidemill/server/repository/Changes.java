package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What changes after the start: by the disk, or by request.
final class Changes implements AutoCloseable {
    private final Entries entries;
    private final RepositorySettings settings;
    private final Catalogue catalogue;
    private final Uploads uploads = new Uploads();
    private final ExplicitLoads loads;
    private final Poll poll;

    Changes(Entries entries, RepositorySettings settings, Catalogue catalogue) {
        this.entries = entries;
        this.settings = settings;
        this.catalogue = catalogue;
        this.loads = new ExplicitLoads(entries, catalogue, uploads);
        this.poll = new Poll(entries, catalogue, settings.poll());
    }

    ControlMode mode() {
        return settings.mode();
    }

    Map<String, FoundModel> firstScan() {
        Map<String, FoundModel> found = catalogue.scan().orElse(Map.of());
        poll.seen(found);
        return found;
    }

    /// After the start.
    void begin() {
        if (mode() == ControlMode.POLL) {
            poll.start();
        }
    }

    Poll poll() {
        return poll;
    }

    /// Where clients decide, models may come that nobody has asked for yet.
    void discover() {
        if (mode() == ControlMode.EXPLICIT) {
            catalogue.scan().ifPresent(found -> found.keySet().forEach(entries::get));
        }
    }

    void load(String name, Optional<String> config, Map<String, byte[]> files) {
        requireExplicit();
        loads.load(name, config, files);
    }

    void unload(String name, boolean dependents) {
        requireExplicit();
        loads.unload(name, dependents);
    }

    /// One list after the other, and none between a look at the disk and what follows from it: what
    /// is served is never made of two lists.
    void reconfigure(List<ModelSetting> wished) {
        if (settings.folders().isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "model list: 'given' (expected: none, this server has no repository)");
        }
        poll.pausedFor(() -> serve(wished));
    }

    private void serve(List<ModelSetting> wished) {
        catalogue.replace(wished);
        List<String> names = wished.stream().map(ModelSetting::name).toList();
        for (ModelEntry entry : entries.all()) {
            if (!names.contains(entry.name())) {
                entry.unload("not in the model list");
                entry.expect(Map.of(), false);
                uploads.use(entry.name(), null);
            }
        }
        List<String> problems = new ArrayList<>();
        for (ModelSetting setting : wished) {
            entries.changed(
                    setting.name(),
                    () -> true,
                    entry -> {
                        entry.announce();
                        if (!entry.serve(
                                () -> catalogue.find(setting.name()),
                                setting.policy().orElse(null),
                                true)) {
                            problems.add("model %s: %s".formatted(setting.name(), entry.whyNot()));
                        }
                        entry.label(setting.labels(), settings.earlyLabels())
                                .ifPresent(problems::add);
                    });
        }
        if (!problems.isEmpty()) {
            throw new TidemillException(ErrorCode.INVALID_REQUEST, String.join("\n", problems));
        }
    }

    @Override
    public void close() {
        poll.close();
        uploads.close();
    }

    private void requireExplicit() {
        if (mode() != ControlMode.EXPLICIT) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "model control mode: '%s' (expected: explicit, which a server is started in)"
                            .formatted(mode().name().toLowerCase(Locale.ROOT)));
        }
    }
}
