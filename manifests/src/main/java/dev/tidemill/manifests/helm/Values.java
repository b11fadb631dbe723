package dev.tidemill.manifests.helm;

import dev.tidemill.manifests.yaml.Expression;
import java.util.LinkedHashMap;
import java.util.Map;

/// The values of a chart, collected while its templates are made.
final class Values {
    private final Map<String, Object> tree = new LinkedHashMap<>();

    Map<String, Object> tree() {
        return tree;
    }

    /// Puts a value where that part of the platform has its own.
    ///
    /// @return the expression that a template reads it by, as one scalar
    Expression scalar(Part part, String key, Object value) {
        put(part, key, value);
        return new Expression("{{ %s.%s }}".formatted(part.expression(), key));
    }

    /// As [#scalar], for a mapping or a list.
    Expression block(Part part, String key, Object value) {
        put(part, key, value);
        return new Expression(
                "{{- toYaml %s.%s | nindent %s }}"
                        .formatted(part.expression(), key, Expression.INDENT));
    }

    private void put(Part part, String key, Object value) {
        Map<String, Object> at = tree;
        for (String step : part.path()) {
            at = child(at, step);
        }
        at.put(key, value);
    }

    @SuppressWarnings("unchecked") // made here, and by nobody else
    private static Map<String, Object> child(Map<String, Object> map, String key) {
        return (Map<String, Object>)
                map.computeIfAbsent(key, _ -> new LinkedHashMap<String, Object>());
    }
}
