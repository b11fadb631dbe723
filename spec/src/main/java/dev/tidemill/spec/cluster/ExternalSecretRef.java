package dev.tidemill.spec.cluster;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A Secret whose content is elsewhere.
///
/// @param name of the Secret, as others name it
/// @param type of the Secret
/// @param data by entry of the Secret
public record ExternalSecretRef(String name, String type, Map<String, Place> data) {
    public ExternalSecretRef {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    /// Where a value is.
    ///
    /// @param key of the store, such as a path
    /// @param property of what is there; the whole of it when empty
    public record Place(String key, String property) {
        /// Reads `KEY#PROPERTY`, or `KEY`.
        static Place parse(String text) {
            int hash = text.lastIndexOf('#');
            return hash < 0
                    ? new Place(text, "")
                    : new Place(text.substring(0, hash), text.substring(hash + 1));
        }
    }
}
