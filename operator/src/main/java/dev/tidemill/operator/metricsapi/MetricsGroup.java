package dev.tidemill.operator.metricsapi;

/// One of the two APIs.
public enum MetricsGroup {
    CUSTOM("custom.metrics.k8s.io", "v1beta2"),
    EXTERNAL("external.metrics.k8s.io", "v1beta1");

    private final String group;
    private final String version;

    MetricsGroup(String group, String version) {
        this.group = group;
        this.version = version;
    }

    public String group() {
        return group;
    }

    public String version() {
        return version;
    }

    String groupVersion() {
        return group + "/" + version;
    }

    /// Of its APIService.
    public String service() {
        return version + "." + group;
    }
}
