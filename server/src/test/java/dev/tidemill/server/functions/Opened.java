package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.LoadedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Functions as configurations make them.
final class Opened {
    private Opened() {}

    /// @param parameters key, value, key, value
    static LoadedModel function(String name, String... parameters) {
        return function(Path.of("/nowhere"), name, parameters);
    }

    static LoadedModel function(Path folder, String name, String... parameters) {
        Map<String, String> all = new HashMap<>(Map.of("function", name));
        for (int i = 0; i < parameters.length; i += 2) {
            all.put(parameters[i], parameters[i + 1]);
        }
        return new FunctionRuntime(Functions::installed).load(all, List.of(folder));
    }

    static void write(Path folder, String name, String... lines) {
        try {
            Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
