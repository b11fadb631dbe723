package dev.tidemill.manifests;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes the trees of objects.
final class Tree {
    private Tree() {}

    /// A mapping of keys and values in turn; a value that is an empty `Optional` leaves its key
    /// out.
    static Map<String, Object> of(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            String key = (String) pairs[i];
            if (pairs[i + 1] instanceof Optional<?> value) {
                value.ifPresent(present -> map.put(key, present));
            } else {
                map.put(key, pairs[i + 1]);
            }
        }
        return map;
    }

    /// Left out when there is nothing in it.
    static Optional<Object> some(Map<?, ?> map) {
        return map.isEmpty() ? Optional.empty() : Optional.of(map);
    }

    /// Left out when there is nothing in it.
    static Optional<Object> some(Collection<?> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
    }

    static Map<String, Object> with(Map<String, ?> first, Map<String, ?> second) {
        Map<String, Object> all = new LinkedHashMap<>(first);
        all.putAll(second);
        return all;
    }

    static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /// A mapping that is one already; empty when it is none.
    static Map<String, Object> map(@Nullable Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> found) {
            found.forEach((key, inner) -> map.put(String.valueOf(key), inner));
        }
        return map;
    }
}
