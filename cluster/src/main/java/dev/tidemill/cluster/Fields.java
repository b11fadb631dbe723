package dev.tidemill.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tree of an object's fields, as the API server has it, with ways to look into it. What is not
/// there is empty and never an error.
public record Fields(Map<String, Object> tree) {
    public static final Fields NONE = new Fields(Map.of());

    public Fields {
        tree = Collections.unmodifiableMap(new LinkedHashMap<>(tree));
    }

    /// The value at the end of a path of keys.
    public Optional<Object> at(String... path) {
        Object here = tree;
        for (String key : path) {
            Object next = here instanceof Map<?, ?> map ? map.get(key) : null;
            if (next == null) {
                return Optional.empty();
            }
            here = next;
        }
        return Optional.of(here);
    }

    /// Empty when it is not there.
    public String text(String... path) {
        return at(path).map(String::valueOf).orElse("");
    }

    /// Zero when it is not there, or no number.
    public long number(String... path) {
        return at(path).filter(Number.class::isInstance)
                .map(value -> ((Number) value).longValue())
                .orElse(0L);
    }

    public boolean isTrue(String... path) {
        return at(path).filter(Boolean.TRUE::equals).isPresent();
    }

    /// A mapping inside; [#NONE] when it is not there.
    public Fields child(String... path) {
        return at(path).map(Fields::of).orElse(NONE);
    }

    /// The mappings of a list inside.
    public List<Fields> children(String... path) {
        List<Fields> all = new ArrayList<>();
        if (at(path).orElse(List.of()) instanceof List<?> list) {
            list.forEach(item -> all.add(of(item)));
        }
        return all;
    }

    /// Keys with their values as text.
    public Map<String, String> texts() {
        Map<String, String> all = new LinkedHashMap<>();
        tree.forEach((key, value) -> all.put(key, String.valueOf(value)));
        return all;
    }

    public String name() {
        return text("metadata", "name");
    }

    public String label(String key) {
        return text("metadata", "labels", key);
    }

    private static Fields of(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return NONE;
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        map.forEach((key, inner) -> {
            if (inner != null) {
                tree.put(String.valueOf(key), inner);
            }
        });
        return new Fields(tree);
    }
}
