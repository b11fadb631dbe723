package dev.tidemill.runtimes.spi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a model's configuration says to a [ServerFunction]. Remembers what was asked for, because a
/// parameter that nobody reads is a misspelt one. Not thread-safe.
public final class FunctionParameters {
    private static final long MAX_BYTES = 64L << 20;

    private final Map<String, String> values;
    private final List<Path> folders;
    private final Set<String> asked = new TreeSet<>();

    /// @param folders where files that the parameters name lie
    public FunctionParameters(Map<String, String> values, List<Path> folders) {
        this.values = Map.copyOf(values);
        this.folders = List.copyOf(folders);
    }

    /// The text as written; `otherwise` when it is not said.
    public String text(String key, String otherwise) {
        asked.add(key);
        return values.getOrDefault(key, otherwise);
    }

    /// A whole number.
    ///
    /// @throws IllegalArgumentException when it is none or out of range
    public int whole(String key, int min, int max, int otherwise) {
        String said = text(key, Integer.toString(otherwise)).strip();
        try {
            int number = Integer.parseInt(said);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw wrong(key, said, "%d to %d".formatted(min, max));
    }

    /// As above, where there is nothing to fall back to.
    public int whole(String key, int min, int max) {
        require(key, "a number, %d to %d".formatted(min, max));
        return whole(key, min, max, min);
    }

    /// Finite numbers with commas between; a single one stands for `count` equal ones.
    public float[] decimals(String key, int count, float otherwise) {
        String said = text(key, Float.toString(otherwise));
        String[] parts = said.split(",", -1);
        float[] numbers = new float[count];
        try {
            if (parts.length == 1) {
                Arrays.fill(numbers, finite(parts[0]));
                return numbers;
            }
            if (parts.length == count) {
                for (int i = 0; i < count; i++) {
                    numbers[i] = finite(parts[i]);
                }
                return numbers;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw wrong(key, said, count == 1 ? "a number" : "1 or %d numbers, a,b,c".formatted(count));
    }

    public boolean flag(String key, boolean otherwise) {
        return oneOf(key, List.of("true", "false"), Boolean.toString(otherwise)).equals("true");
    }

    public String oneOf(String key, List<String> known, String otherwise) {
        String said = text(key, otherwise);
        if (!known.contains(said)) {
            throw wrong(key, said, String.join(", ", known));
        }
        return said;
    }

    /// A type by its Open Inference or its Triton name (`FP32`, `TYPE_FP32`).
    public DataType type(String key, DataType otherwise) {
        String said = text(key, otherwise.name());
        String plain = said.startsWith("TYPE_") ? said.substring("TYPE_".length()) : said;
        for (DataType type : DataType.values()) {
            if (type.name().equals(plain.equals("STRING") ? "BYTES" : plain)) {
                return type;
            }
        }
        throw wrong(key, said, "one of " + Arrays.toString(DataType.values()));
    }

    /// Sizes with commas between, -1 for any.
    public List<Long> shape(String key, List<Long> otherwise) {
        if (!values.containsKey(key)) {
            asked.add(key);
            return otherwise;
        }
        String said = text(key, "");
        try {
            List<Long> sizes =
                    Arrays.stream(said.split(",", -1))
                            .map(size -> Long.valueOf(size.strip()))
                            .toList();
            if (sizes.stream().allMatch(size -> size == -1 || size > 0)) {
                return sizes;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw wrong(key, said, "sizes such as -1,3, with -1 for any");
    }

    /// The lines of a text file in the model's folder; empty when none is named.
    ///
    /// @throws IllegalArgumentException when it is not there or not text
    public Optional<List<String>> lines(String key) {
        return lines(key, "");
    }

    /// As above, from the file `otherwise` when none is named.
    public Optional<List<String>> lines(String key, String otherwise) {
        String said = text(key, otherwise);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        for (Path folder : folders) {
            try {
                Path file = folder.resolve(said).toRealPath();
                if (file.startsWith(folder.toRealPath()) && Files.size(file) <= MAX_BYTES) {
                    return Optional.of(Files.readAllLines(file));
                }
            } catch (IOException | IllegalArgumentException _) {
                // perhaps in the next one
            }
        }
        throw wrong(key, said, "a text file in the model's folder");
    }

    /// @throws IllegalArgumentException when it is not said
    public void require(String key, String expected) {
        asked.add(key);
        if (!values.containsKey(key)) {
            throw wrong(key, "", expected);
        }
    }

    /// The keys that were asked for so far.
    public Set<String> asked() {
        return Set.copyOf(asked);
    }

    /// What was said and not asked for.
    public Set<String> unread() {
        Set<String> unread = new TreeSet<>(values.keySet());
        unread.removeAll(asked);
        return unread;
    }

    /// For a value that does not make sense.
    public static IllegalArgumentException wrong(String key, String said, String expected) {
        return new IllegalArgumentException(
                "parameters.%s: '%s' (expected: %s)".formatted(key, said, expected));
    }

    private static float finite(String text) {
        float number = Float.parseFloat(text.strip());
        if (!Float.isFinite(number)) {
            throw new NumberFormatException(text);
        }
        return number;
    }
}
