package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The names that one list of a document gives, and what refers to them.
final class OwnNames {
    private final String what;
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    /// @param what such as `route`
    OwnNames(String what) {
        this.what = what;
    }

    /// The name given, or one by its place.
    String take(MappingCursor in, Key.Value<String> key, int index) {
        String name = in.find(key).orElse("%s-%d".formatted(what, index + 1));
        Integer taken = lines.putIfAbsent(name, in.lineOf(key));
        if (taken != null) {
            in.problem(
                    key, "a name of its own; the %s on line %d has it too".formatted(what, taken));
        }
        return name;
    }

    void add(String name, int line) {
        lines.putIfAbsent(name, line);
    }

    Set<String> names() {
        return lines.keySet();
    }

    /// The names of a list, each of which must be known.
    List<String> refer(MappingCursor from, Key.Values<String> key) {
        List<Located<String>> items = from.items(key);
        for (Located<String> item : items) {
            if (!lines.containsKey(item.value())) {
                from.problem(
                        key,
                        "each the name of a %s of this gateway; '%s' is none%s"
                                .formatted(
                                        what,
                                        item.value(),
                                        Nearest.hint(item.value(), lines.keySet())));
            }
        }
        return items.stream().map(Located::value).toList();
    }
}
