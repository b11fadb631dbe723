package dev.tidemill.manifests;

/// Where the pods of an app are found, and what they ask for when the file does not say.
public final class AppPods {
    /// Cores.
    public static final double CORES = 0.1;

    /// Bytes.
    public static final long MEMORY = 256L << 20;

    /// The same, as a container says it.
    static final String CORES_TEXT = "100m";

    static final String MEMORY_TEXT = "256Mi";

    private AppPods() {}

    /// Of labels.
    public static String selector(String app) {
        return "app.kubernetes.io/name=tidemill-%s,app.kubernetes.io/instance=%s"
                .formatted(AppObjects.COMPONENT, Names.app(app));
    }
}
