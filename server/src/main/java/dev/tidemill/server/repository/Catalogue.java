package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.modelconfig.VersionPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What there is to serve: all models of the folders, or those of a list that came later.
final class Catalogue {
    private static final System.Logger LOGGER = System.getLogger(ModelRepository.class.getName());

    private final List<Path> folders;
    private final Map<String, Path> named;
    private volatile @Nullable Map<String, ModelSetting> list;

    /// @param named folders of one model each, by its name
    Catalogue(List<Path> folders, Map<String, Path> named) {
        this.folders = folders;
        this.named = named;
    }

    /// @return by name; empty when a folder cannot be read just now, which says nothing about its
    ///   models
    Optional<Map<String, FoundModel>> scan() {
        Map<String, FoundModel> found = new LinkedHashMap<>();
        Map<String, ModelSetting> settings = list;
        try {
            if (settings != null) {
                for (ModelSetting setting : settings.values()) {
                    found.put(setting.name(), find(setting));
                }
                return Optional.of(found);
            }
            for (Path folder : folders) {
                for (FoundModel model : RepositoryScan.models(folder)) {
                    found.merge(model.name(), model, Catalogue::twice);
                }
            }
            for (Map.Entry<String, Path> one : named.entrySet()) {
                FoundModel model = RepositoryScan.only(one.getKey(), one.getValue());
                found.merge(model.name(), model, Catalogue::twice);
            }
            return Optional.of(found);
        } catch (IOException e) {
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    "model repository: '%s' (expected: a folder that can be read)"
                            .formatted(e.getMessage()));
            return Optional.empty();
        }
    }

    /// Whether there is such a model, or one cannot tell just now.
    boolean knows(String name) {
        return scan().map(all -> all.containsKey(name)).orElse(true);
    }

    /// @throws TidemillException `MODEL_NOT_FOUND`
    FoundModel find(String name) {
        Map<String, FoundModel> all = scan().orElse(Map.of());
        FoundModel found = all.get(name);
        if (found == null) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: '%s' (expected: one of the repository: %s)"
                            .formatted(name, Entries.few(all.keySet())));
        }
        return found;
    }

    /// The policy that goes before the one of the model's own configuration.
    Optional<VersionPolicy> policy(String name) {
        Map<String, ModelSetting> settings = list;
        ModelSetting setting = settings == null ? null : settings.get(name);
        return setting == null ? Optional.empty() : setting.policy();
    }

    /// From now on these and no others.
    ///
    /// @throws TidemillException `INVALID_REQUEST`, and nothing has changed, when one of them
    ///   cannot be meant
    void replace(List<ModelSetting> settings) {
        Map<String, ModelSetting> byName = new LinkedHashMap<>();
        for (ModelSetting setting : settings) {
            if (!ModelName.isValid(setting.name())) {
                throw refused("name", setting.name(), ModelName.EXPECTED);
            }
            if (byName.put(setting.name(), setting) != null) {
                throw refused("name", setting.name() + " twice", "once");
            }
            try {
                find(setting);
            } catch (IOException e) {
                throw refused(
                        setting.name() + ".base_path",
                        setting.basePath().toString(),
                        "a folder inside one of the repositories");
            }
        }
        list = byName;
    }

    /// The real path of the repository that a folder is in.
    ///
    /// @throws IOException when it is in none
    Path rootOf(Path folder) throws IOException {
        Path real = folder.toRealPath();
        for (Path root : Stream.concat(folders.stream(), named.values().stream()).toList()) {
            if (real.startsWith(root.toRealPath())) {
                return root.toRealPath();
            }
        }
        throw new IOException("'%s' (expected: a place inside a repository)".formatted(folder));
    }

    private FoundModel find(ModelSetting setting) throws IOException {
        if (folders.isEmpty()) {
            throw new IOException("no repository");
        }
        Path folder = folders.getFirst().resolve(setting.basePath()).normalize();
        return RepositoryScan.model(setting.name(), folder, rootOf(folder));
    }

    private static FoundModel twice(FoundModel first, FoundModel second) {
        return FoundModel.broken(
                first.name(),
                first.folder(),
                "name: '%s' in '%s' and in '%s' (expected: in one repository)"
                        .formatted(first.name(), first.folder(), second.folder()));
    }

    private static TidemillException refused(String what, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(what, value, expected));
    }
}
