package dev.tidemill.server.functions;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ServerFunction;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;

/// Every function that models can name.
///
/// @param byName in alphabetical order
public record Functions(Map<String, ServerFunction> byName) {
    public Functions {
        byName = Map.copyOf(byName);
    }

    /// Those of the server: a new one is a class of this package and a line here.
    public static Functions builtIn() {
        return of(
                List.of(
                        function(ArgmaxLabel.NAME, ArgmaxLabel::of),
                        function(Cast.NAME, Cast::of),
                        function(Concat.NAME, Concat::of),
                        function(ImageDecode.NAME, ImageDecode::of),
                        function(ImageResize.NAME, ImageResize::of),
                        function(Softmax.NAME, Softmax::of),
                        function(TextVectors.NAME, TextVectors::of),
                        function(Tokenize.NAME, Tokenize::of),
                        function(TopK.NAME, TopK::of)));
    }

    /// Those of the server and those that jars on the class path bring.
    ///
    /// @throws TidemillException `MODEL_FAILED` when a jar names a class that cannot be used
    public static Functions installed() {
        try {
            List<ServerFunction> users =
                    ServiceLoader.load(ServerFunction.class).stream()
                            .map(ServiceLoader.Provider::get)
                            .toList();
            return builtIn().with(users);
        } catch (ServiceConfigurationError e) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "function: '%s' (expected: a class that can be used)".formatted(e.getMessage()),
                    e);
        }
    }

    /// @throws IllegalArgumentException when two have one name
    public static Functions of(List<ServerFunction> functions) {
        return new Functions(Map.of()).with(functions);
    }

    Functions with(List<ServerFunction> more) {
        Map<String, ServerFunction> all = new TreeMap<>(byName);
        for (ServerFunction function : more) {
            ServerFunction before = all.put(function.name(), function);
            if (before != null) {
                throw new IllegalArgumentException(
                        "function: '%s' twice, by %s and %s (expected: a name of its own)"
                                .formatted(
                                        function.name(),
                                        before.getClass().getName(),
                                        function.getClass().getName()));
            }
        }
        return new Functions(all);
    }

    private static ServerFunction function(
            String name, Function<FunctionParameters, LoadedModel> opening) {
        return new BuiltIn(name, opening);
    }

    private record BuiltIn(String name, Function<FunctionParameters, LoadedModel> opening)
            implements ServerFunction {
        @Override
        public LoadedModel open(FunctionParameters parameters) {
            return opening.apply(parameters);
        }
    }
}
