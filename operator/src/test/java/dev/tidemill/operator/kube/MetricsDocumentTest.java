package dev.tidemill.operator.kube;

import dev.tidemill.http.MetricName;
import dev.tidemill.testkit.GeneratedDocument;
import org.junit.jupiter.api.Test;

final class MetricsDocumentTest {
    @Test
    void every_metric_is_documented() {
        GeneratedDocument.assertSection(
                "docs/metrics.md", "operator", MetricName.table(OperatorMetrics.NAMES));
    }
}
