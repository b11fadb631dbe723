package dev.tidemill.operator.kube;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks into trees of an API server. What is not there is empty and never an error.
final class Look {
    private Look() {}

    static Optional<Object> at(Object tree, String... path) {
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

    static String text(Object tree, String... path) {
        return at(tree, path).map(String::valueOf).orElse("");
    }

    static int number(Object tree, int otherwise, String... path) {
        return at(tree, path)
                .filter(Number.class::isInstance)
                .map(value -> ((Number) value).intValue())
                .orElse(otherwise);
    }

    static List<?> list(Object tree, String... path) {
        return at(tree, path).orElse(List.of()) instanceof List<?> list ? list : List.of();
    }

    /// The condition of that type.
    static Optional<?> condition(Object tree, String type) {
        return list(tree, "status", "conditions").stream()
                .filter(condition -> text(condition, "type").equals(type))
                .findFirst();
    }
}
