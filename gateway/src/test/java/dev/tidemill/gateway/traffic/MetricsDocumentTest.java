package dev.tidemill.gateway.traffic;

import dev.tidemill.http.MetricName;
import dev.tidemill.testkit.GeneratedDocument;
import org.junit.jupiter.api.Test;

final class MetricsDocumentTest {
    @Test
    void every_metric_is_documented() {
        GeneratedDocument.assertSection(
                "docs/metrics.md", "gateway", MetricName.table(GatewayMetrics.NAMES));
    }
}
