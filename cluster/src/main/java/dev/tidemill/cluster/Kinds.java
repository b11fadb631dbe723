package dev.tidemill.cluster;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where the API server has objects of the kinds that we handle: known here, so that nobody has to
/// ask it first.
public final class Kinds {
    private static final List<String> OF_THE_CLUSTER =
            List.of(
                    "Namespace",
                    "PriorityClass",
                    "PersistentVolume",
                    "StorageClass",
                    "Node",
                    "APIService",
                    "CustomResourceDefinition",
                    "ClusterRole",
                    "ClusterRoleBinding");

    private Kinds() {}

    public static boolean isNamespaced(String kind) {
        return !OF_THE_CLUSTER.contains(kind);
    }

    /// A reference to an object of a kind that is in namespaces or not, whichever it is.
    public static ObjectRef ref(String apiVersion, String kind, String namespace, String name) {
        return new ObjectRef(
                apiVersion,
                kind,
                isNamespaced(kind) ? Optional.of(namespace) : Optional.empty(),
                name);
    }

    static ResourceDefinitionContext context(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return new ResourceDefinitionContext.Builder()
                .withGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
                .withVersion(apiVersion.substring(slash + 1))
                .withKind(kind)
                .withPlural(plural(kind))
                .withNamespaced(isNamespaced(kind))
                .build();
    }

    /// As English has it, which is what Kubernetes does.
    static String plural(String kind) {
        String low = kind.toLowerCase(Locale.ROOT);
        if (low.equals("endpoints")) {
            return low;
        }
        if (low.endsWith("s") || low.endsWith("x") || low.endsWith("ch")) {
            return low + "es";
        }
        return low.endsWith("y") && !low.endsWith("ay")
                ? low.substring(0, low.length() - 1) + "ies"
                : low + "s";
    }
}
