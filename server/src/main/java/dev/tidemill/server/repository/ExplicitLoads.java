package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.modelconfig.Ensemble;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.ModelConfigReader;
import dev.tidemill.server.modelconfig.ReadConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Loads and unloads what clients ask for, with configurations and files of their own where they
/// bring them.
record ExplicitLoads(Entries entries, Catalogue catalogue, Uploads uploads) {
    /// @throws TidemillException as [ModelRepository#load]
    void load(String name, Optional<String> config, Map<String, byte[]> files) {
        Optional<ReadConfig> override =
                config.map(json -> ModelConfigReader.json("config", json, name));
        require(name, override, files);
        Map<Path, byte[]> uploaded = Uploads.checked(files);
        loadSteps(name, override, new HashSet<>(List.of(name)));
        // A name that clients have made up goes with the load that failed.
        entries.changed(
                name, () -> catalogue.knows(name), entry -> load(entry, override, uploaded));
    }

    private void load(ModelEntry entry, Optional<ReadConfig> override, Map<Path, byte[]> uploaded) {
        entry.announce();
        AtomicReference<@Nullable Path> written = new AtomicReference<>();
        boolean all = false;
        try {
            all =
                    entry.serve(
                            () -> {
                                if (uploaded.isEmpty()) {
                                    return found(entry.name(), override);
                                }
                                Path folder = Uploads.write(uploaded);
                                written.set(folder);
                                return withConfig(
                                        entry.name(), folder, folder, override.orElseThrow());
                            },
                            null,
                            true);
        } finally {
            if (!all) {
                Uploads.delete(written.get());
            }
        }
        if (!all) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "model %s: %s".formatted(entry.name(), entry.whyNot()));
        }
        uploads.use(entry.name(), written.get());
    }

    /// @param dependents whether the models of an ensemble's steps go with it
    /// @throws TidemillException `MODEL_NOT_FOUND`
    void unload(String name, boolean dependents) {
        ModelEntry entry = entries.known(name);
        Set<String> all = new LinkedHashSet<>(List.of(name));
        if (dependents) {
            entry.view()
                    .newest()
                    .map(ServedModel::config)
                    .flatMap(ModelConfig::ensemble)
                    .ifPresent(ensemble ->
                            ensemble.steps().stream().map(Ensemble.Step::model).forEach(all::add));
        }
        for (String each : all) {
            entries.known(each).unload("unloaded");
            uploads.use(each, null);
        }
    }

    private void require(String name, Optional<ReadConfig> config, Map<String, byte[]> files) {
        if (!files.isEmpty() && config.isEmpty()) {
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
                entries.changed(
                        step,
                        () -> true,
                        entry -> {
                            if (entry.view().usable().isEmpty()) {
                                entry.announce();
                                entry.serve(() -> catalogue.find(step), null, true);
                            }
                        });
            }
        }
    }

    private FoundModel found(String name, Optional<ReadConfig> override) {
        FoundModel found = catalogue.find(name);
        if (override.isEmpty()) {
            return found;
        }
        ReadConfig config = override.get();
        try {
            Path root = catalogue.rootOf(found.folder());
            if (config.config().modelFile().equals(found.config().config().modelFile())
                    && found.problem().isEmpty()) {
                return new FoundModel(
                        name,
                        found.folder(),
                        config,
                        FilesBeside.of(config.config(), found.folder(), root)
                                .stamped(found.versions()),
                        "");
            }
            return withConfig(name, found.folder(), root, config);
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
}
