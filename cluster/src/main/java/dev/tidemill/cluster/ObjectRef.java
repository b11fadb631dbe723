package dev.tidemill.cluster;

import java.util.Locale;
import java.util.Optional;

/// Which object is meant.
///
/// @param namespace empty for objects of the whole cluster
public record ObjectRef(String apiVersion, String kind, Optional<String> namespace, String name) {
    /// `kind/name` in small letters, as `kubectl` says it.
    public String id() {
        return kind.toLowerCase(Locale.ROOT) + "/" + name;
    }

    public ObjectRef named(String other) {
        return new ObjectRef(apiVersion, kind, namespace, other);
    }
}
