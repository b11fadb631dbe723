package dev.tidemill.cli.up;

import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.Selector;
import dev.tidemill.spec.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Finds out of the registry which version each model's source means now.
final class Versions {
    private final Supplier<ControlClient> control;
    private final Path baseFolder;
    private final Map<String, ModelVersion> registered = new ConcurrentHashMap<>();

    /// @param control asked each time: a restarted one listens elsewhere
    /// @param baseFolder of the resource file, where relative paths start
    Versions(Supplier<ControlClient> control, Path baseFolder) {
        this.control = control;
        this.baseFolder = baseFolder;
    }

    List<ServedModel> resolve(ModelPool pool) {
        return pool.models().stream().map(this::resolve).toList();
    }

    private ServedModel resolve(Model model) {
        ModelVersion version =
                switch (model.source()) {
                    case Source.Registry(String name, Selector.Latest()) ->
                            control.get().version(name, "latest");
                    case Source.Registry(String name, Selector.Alias(String alias)) ->
                            control.get().version(name, "@" + alias);
                    case Source.Registry(String name, Selector.Version(int number)) ->
                            control.get().version(name, String.valueOf(number));
                    case Source.Path(String path) ->
                            registered.computeIfAbsent(
                                    model.name(), _ -> register(model, baseFolder.resolve(path)));
                    case Source.Image image ->
                            throw new TidemillException(
                                    ErrorCode.INVALID_SPEC,
                                    "Model/%s spec.source: '%s' (expected: a registered model or a file; an image needs a cluster)"
                                            .formatted(model.name(), image.text()));
                };
        return new ServedModel(model.name(), version.version(), version.digest(), version.path());
    }

    /// Once a session: the registry gives the same version for the same bytes.
    private ModelVersion register(Model model, Path file) {
        try {
            return control.get()
                    .register(model.name(), "from " + file.getFileName(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "Model/%s spec.source: '%s' (expected: a readable file)"
                            .formatted(model.name(), file),
                    e);
        }
    }
}
