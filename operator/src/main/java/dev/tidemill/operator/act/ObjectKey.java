package dev.tidemill.operator.act;

import dev.tidemill.manifests.KubeObject;
import java.util.Locale;

/// Which object is meant, in the namespace at hand.
public record ObjectKey(String apiVersion, String kind, String name) {
    public static ObjectKey of(KubeObject object) {
        return new ObjectKey(object.apiVersion(), object.kind(), object.name());
    }

    /// `kind/name` in small letters, as `kubectl` says it.
    @Override
    public String toString() {
        return kind.toLowerCase(Locale.ROOT) + "/" + name;
    }
}
