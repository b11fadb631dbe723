package dev.tidemill.manifests;

/// Where the pods of a model's servers are found, and what they ask for when the file does not say.
public final class ServerPods {
    /// Cores.
    public static final double CORES = 0.25;

    /// Bytes.
    public static final long MEMORY = 1L << 30;

    /// The same, as a container says it.
    static final String CORES_TEXT = "250m";

    static final String MEMORY_TEXT = "1Gi";

    /// Of replicas, where there are several kinds.
    static final String KIND = "tidemill.dev/kind";

    private ServerPods() {}

    /// Of labels.
    ///
    /// @param kind empty for all kinds
    public static String selector(String model, String kind) {
        String all =
                "app.kubernetes.io/name=tidemill-%s,app.kubernetes.io/instance=%s"
                        .formatted(ServerObjects.COMPONENT, Names.server(model));
        return kind.isEmpty() ? all : all + "," + KIND + "=" + kind;
    }
}
