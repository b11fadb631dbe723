package dev.tidemill.manifests;

import dev.tidemill.spec.cluster.ServiceMonitoring;
import java.util.List;
import java.util.Map;

/// How Prometheus finds our processes: a PodMonitor would do for all, but a ServiceMonitor is what
/// people look for. The gateway's metrics are on its admin port, which no Service of clients has.
final class MonitorObjects {
    private MonitorObjects() {}

    /// For a part whose Service has its metrics.
    static KubeObject service(Scope scope, ServiceMonitoring monitoring) {
        return monitor(
                scope,
                "ServiceMonitor",
                "endpoints",
                MutualTlsObjects.probed(scope.platform()),
                monitoring);
    }

    /// For the gateway's admin port.
    static KubeObject pods(Scope scope, ServiceMonitoring monitoring) {
        return monitor(
                scope,
                "PodMonitor",
                "podMetricsEndpoints",
                MutualTlsObjects.asked(scope.platform()).isPresent()
                        ? MutualTlsObjects.PORT
                        : "admin",
                monitoring);
    }

    private static KubeObject monitor(
            Scope scope, String kind, String ends, String port, ServiceMonitoring monitoring) {
        Map<String, Object> metadata = scope.metadata(scope.name());
        metadata.put("labels", Tree.with(monitoring.labels(), scope.labels()));
        return new KubeObject(
                Tree.of(
                        "apiVersion",
                        "monitoring.coreos.com/v1",
                        "kind",
                        kind,
                        "metadata",
                        metadata,
                        "spec",
                        Tree.of(
                                "selector",
                                Tree.of("matchLabels", scope.selector()),
                                ends,
                                List.of(
                                        Tree.of(
                                                "port",
                                                port,
                                                "path",
                                                "/metrics",
                                                "interval",
                                                monitoring.interval().toSeconds() + "s")))));
    }
}
