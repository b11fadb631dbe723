package dev.tidemill.server.repository;

import dev.tidemill.server.modelconfig.Ensemble;
import dev.tidemill.server.modelconfig.ReadConfig;
import java.nio.file.Path;
import java.util.List;

/// A model as it lies on the disk. Equal as long as nothing there changes.
///
/// @param folder of the model
/// @param versions every one that is there, newest first
/// @param problem why none can be served; empty when nothing speaks against it
record FoundModel(
        String name, Path folder, ReadConfig config, List<VersionFiles> versions, String problem) {
    FoundModel {
        versions =
                versions.stream()
                        .sorted((a, b) ->
                                VersionFiles.NEWEST_FIRST.compare(a.version(), b.version()))
                        .toList();
    }

    /// Names of the models that an ensemble asks; empty for others.
    List<String> steps() {
        return config.config().ensemble().map(Ensemble::steps).orElse(List.of()).stream()
                .map(Ensemble.Step::model)
                .distinct()
                .toList();
    }

    /// With nothing but a configuration.
    static FoundModel of(String name, ReadConfig config) {
        return new FoundModel(name, Path.of("."), config, List.of(), "");
    }

    static FoundModel broken(String name, Path folder, String problem) {
        return new FoundModel(name, folder, ReadConfig.inferred(name), List.of(), problem);
    }
}
