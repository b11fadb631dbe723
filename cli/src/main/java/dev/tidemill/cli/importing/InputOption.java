package dev.tidemill.cli.importing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the user says of one input.
///
/// @param shape with the batch first; empty when not said
/// @param type such as `float32`; empty when not said
public record InputOption(String name, List<Long> shape, String type) {
    private static final Set<String> TYPES =
            Set.of(
                    "bool", "float16", "float32", "float64", "int8", "int16", "int32", "int64",
                    "string", "uint8");

    public InputOption {
        shape = List.copyOf(shape);
    }

    /// Brings the `--input-shape` and `--input-type` options together.
    ///
    /// @param shapes texts such as `1,3,224,224` by name
    /// @param types by name
    /// @throws TidemillException `INVALID_REQUEST` for what is no shape or type
    public static List<InputOption> of(Map<String, String> shapes, Map<String, String> types) {
        Map<String, InputOption> all = new LinkedHashMap<>();
        shapes.forEach((name, text) ->
                all.put(
                        name,
                        new InputOption(name, shape(name, text), types.getOrDefault(name, ""))));
        types.forEach((name, type) -> {
            if (!TYPES.contains(type)) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST,
                        "--input-type %s: '%s' (expected: one of %s)"
                                .formatted(name, type, TYPES.stream().sorted().toList()));
            }
            all.putIfAbsent(name, new InputOption(name, List.of(), type));
        });
        return new ArrayList<>(all.values());
    }

    private static List<Long> shape(String name, String text) {
        List<Long> sizes = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.strip().matches("-1|[1-9]\\d{0,8}")) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST,
                        "--input-shape %s: '%s' (expected: sizes such as 1,3,224,224, the batch first)"
                                .formatted(name, text));
            }
            sizes.add(Long.parseLong(part.strip()));
        }
        return sizes;
    }
}
