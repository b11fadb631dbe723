package dev.tidemill.spec.cluster;

import java.time.Duration;
import java.util.Map;

/// How the Prometheus Operator finds our processes.
///
/// @param labels that its Prometheus selects by
public record ServiceMonitoring(Duration interval, Map<String, String> labels) {
    public ServiceMonitoring {
        labels = InOrder.copy(labels);
    }
}
