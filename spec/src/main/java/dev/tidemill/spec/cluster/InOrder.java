package dev.tidemill.spec.cluster;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Copies that keep the order of the file: what is written from them is the same each time, which
/// `Map.copyOf` would not be.
final class InOrder {
    private InOrder() {}

    static Map<String, String> copy(Map<String, String> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
