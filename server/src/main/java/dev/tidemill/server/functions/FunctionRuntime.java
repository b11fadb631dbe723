package dev.tidemill.server.functions;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import dev.tidemill.runtimes.spi.ConfiguredRuntime;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ServerFunction;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Serves functions as models. The parameter `function` of a `config.pbtxt` names the function and
/// the others are its own; where a `model.json` has the format `function`, its file is JSON with
/// the members `function` and `parameters`.
public final class FunctionRuntime implements ConfiguredRuntime {
    private static final String KEY = "function";

    private final Supplier<Functions> source;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Functions known;

    /// @param source asked once, when the first such model is loaded
    public FunctionRuntime(Supplier<Functions> source) {
        this.source = source;
    }

    /// What the file of a manifest says.
    record Description(String function, Optional<Map<String, String>> parameters) {}

    @Override
    public String format() {
        return ModelConfig.FUNCTION;
    }

    /// @param options say nothing to functions, which are where their code goes
    @Override
    public LoadedModel load(Path modelFile, LoadOptions options) {
        try {
            Description said = Json.read(Files.readAllBytes(modelFile), Description.class);
            Map<String, String> parameters = new HashMap<>(said.parameters().orElse(Map.of()));
            parameters.put(KEY, said.function());
            Path folder = modelFile.toAbsolutePath().getParent();
            return load(parameters, folder == null ? List.of() : List.of(folder));
        } catch (IOException e) {
            throw failed(modelFile, "cannot be read", e);
        } catch (TidemillException | IllegalArgumentException e) {
            throw failed(modelFile, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public LoadedModel load(Map<String, String> parameters, List<Path> folders) {
        Map<String, ServerFunction> functions = functions().byName();
        String name = parameters.getOrDefault(KEY, "");
        ServerFunction function = functions.get(name);
        if (function == null) {
            throw FunctionParameters.wrong(
                    KEY,
                    name,
                    Nearest.to(name, functions.keySet())
                            .map(near -> near + "?")
                            .orElse("one of " + new TreeSet<>(functions.keySet())));
        }
        Map<String, String> own = new HashMap<>(parameters);
        own.remove(KEY);
        FunctionParameters given = new FunctionParameters(own, folders);
        LoadedModel model = function.open(given);
        for (String key : given.unread()) {
            model.close();
            throw FunctionParameters.wrong(
                    key,
                    own.getOrDefault(key, ""),
                    Nearest.to(key, given.asked())
                            .map(near -> "no such parameter; " + near + "?")
                            .orElse(
                                    "a parameter of %s: %s"
                                            .formatted(name, new TreeSet<>(given.asked()))));
        }
        return model;
    }

    @Override
    public void close() {}

    private Functions functions() {
        Functions found = known;
        if (found != null) {
            return found;
        }
        lock.lock();
        try {
            Functions first = known;
            if (first == null) {
                first = source.get();
                known = first;
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    private static TidemillException failed(Path file, String why, Exception reason) {
        return new TidemillException(
                ErrorCode.MODEL_FAILED,
                "model file: '%s' (expected: JSON that names a function): %s".formatted(file, why),
                reason);
    }
}
