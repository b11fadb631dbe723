package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.modelconfig.Ensemble;
import dev.tidemill.server.modelconfig.ModelConfigReader;
import dev.tidemill.server.modelconfig.ReadConfig;
import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What changes after the start: by the disk, or by request.
final class Changes implements AutoCloseable {
    private final ModelRepository models;
    private final RepositorySettings settings;
    private final Catalogue catalogue;
    private final Uploads uploads = new Uploads();
    private final Poll poll;

    Changes(ModelRepository models, RepositorySettings settings, Catalogue catalogue) {
        this.models = models;
        this.settings = settings;
        this.catalogue = catalogue;
        this.poll = new Poll(models, catalogue, settings.poll());
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
            catalogue.scan().ifPresent(found -> found.keySet().forEach(models::entry));
        }
    }

    void load(String name, Optional<String> config, Map<String, byte[]> files) {
        requireExplicit();
        Optional<ReadConfig> override =
                config.map(json -> ModelConfigReader.json("config", json, name));
        if (!files.isEmpty() && override.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "parameters: 'files without config' (expected: config too)");
        }
        if (!ModelName.isValid(name)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "model: '%s' (expected: %s)".formatted(name, ModelName.EXPECTED));
        }
        if (files.isEmpty()) {
            // Unknown ones must not become entries.
            catalogue.find(name);
        }
        loadSteps(name, override, new HashSet<>(List.of(name)));
        ModelEntry entry = models.entry(name);
        entry.announce();
        AtomicReference<@Nullable Path> written = new AtomicReference<>();
        boolean all =
                entry.serve(
                        () -> {
                            if (files.isEmpty()) {
                                return found(name, override);
                            }
                            Path folder = Uploads.write(files);
                            written.set(folder);
                            return withConfig(name, folder, folder, override.orElseThrow());
                        },
                        null,
                        true);
        if (all) {
            uploads.use(name, written.get());
        } else {
            Uploads.delete(written.get());
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, "model %s: %s".formatted(name, reason(entry)));
        }
    }

    /// Those that an ensemble is made of and that are not ready yet. What fails here, the ensemble
    /// will say.
    private void loadSteps(String name, Optional<ReadConfig> override, Set<String> seen) {
        Map<String, FoundModel> there = catalogue.scan().orElse(Map.of());
        List<String> steps =
                override.map(config -> FoundModel.of(name, config).steps())
                        .orElseGet(() ->
                                Optional.ofNullable(there.get(name))
                                        .map(FoundModel::steps)
                                        .orElse(List.of()));
        for (String step : steps) {
            if (there.containsKey(step) && seen.add(step)) {
                loadSteps(step, Optional.empty(), seen);
                ModelEntry entry = models.entry(step);
                if (entry.view().usable().isEmpty()) {
                    entry.announce();
                    entry.serve(() -> catalogue.find(step), null, true);
                }
            }
        }
    }

    void unload(String name, boolean dependents) {
        requireExplicit();
        ModelEntry entry = models.known(name);
        Set<String> all = new LinkedHashSet<>(List.of(name));
        if (dependents) {
            entry.view()
                    .newest()
                    .map(ServedModel::config)
                    .flatMap(config -> config.ensemble())
                    .ifPresent(ensemble ->
                            ensemble.steps().stream().map(Ensemble.Step::model).forEach(all::add));
        }
        for (String each : all) {
            models.known(each).unload("unloaded");
            uploads.use(each, null);
        }
    }

    void reconfigure(List<ModelSetting> wished) {
        if (settings.folders().isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "model list: 'given' (expected: none, this server has no repository)");
        }
        catalogue.replace(wished);
        List<String> names = wished.stream().map(ModelSetting::name).toList();
        for (ModelEntry entry : models.entries()) {
            if (!names.contains(entry.name())) {
                entry.unload("not in the model list");
                uploads.use(entry.name(), null);
            }
        }
        List<String> problems = new ArrayList<>();
        for (ModelSetting setting : wished) {
            ModelEntry entry = models.entry(setting.name());
            entry.announce();
            if (!entry.serve(
                    () -> catalogue.find(setting.name()), setting.policy().orElse(null), true)) {
                problems.add("model %s: %s".formatted(setting.name(), reason(entry)));
            }
            entry.label(setting.labels(), settings.earlyLabels()).ifPresent(problems::add);
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

    private FoundModel found(String name, Optional<ReadConfig> override) {
        FoundModel found = catalogue.find(name);
        if (override.isEmpty()) {
            return found;
        }
        ReadConfig config = override.get();
        if (config.modelFile().equals(found.config().modelFile()) && found.problem().isEmpty()) {
            return new FoundModel(name, found.folder(), config, found.versions(), "");
        }
        try {
            return withConfig(name, found.folder(), catalogue.rootOf(found.folder()), config);
        } catch (IOException e) {
            return FoundModel.broken(name, found.folder(), String.valueOf(e.getMessage()));
        }
    }

    private static FoundModel withConfig(String name, Path folder, Path root, ReadConfig config) {
        try {
            return RepositoryScan.withVersions(name, folder, root, config);
        } catch (IOException e) {
            return FoundModel.broken(name, folder, "model folder: " + e.getMessage());
        }
    }

    private static String reason(ModelEntry entry) {
        if (!entry.problem().isEmpty()) {
            return entry.problem();
        }
        return entry.statuses().stream()
                .map(VersionStatus::reason)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("not loaded");
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
