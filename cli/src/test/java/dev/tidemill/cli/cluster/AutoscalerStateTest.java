package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

final class AutoscalerStateTest {
    @Test
    void what_kubernetes_scales_by_itself_is_told_in_its_own_words() {
        assertThat(
                        lines(
                                """
                                {"metadata": {"name": "portal-app"},
                                 "spec": {"minReplicas": 2, "maxReplicas": 5, "metrics": [
                                  {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}},
                                  {"type": "Pods", "pods": {"metric": {"name": "in_flight"}, "target": {"type": "AverageValue", "averageValue": "8"}}}]},
                                 "status": {"currentReplicas": 2, "desiredReplicas": 3, "lastScaleTime": "2026-11-22T08:00:05Z",
                                  "currentMetrics": [{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 97, "averageValue": "97m"}}}],
                                  "conditions": [{"type": "ScalingLimited", "status": "False", "message": "the count is within the range"}]}}
                                """))
                .containsExactly(
                        "portal: 2 replicas, 3 wanted, 2 to 5 allowed, by"
                                + " horizontalpodautoscaler/portal-app",
                        "    changed 11-22 08:00:05",
                        "    saw     cpu 97 %, which is to be 80 %",
                        "    saw     in_flight not known, which is to be 8",
                        "    ScalingLimited False: the count is within the range");
    }

    @Test
    void one_that_has_not_looked_yet_is_told_too() {
        assertThat(
                        lines(
                                "{\"metadata\": {\"name\": \"portal-app\"}, \"spec\": {\"maxReplicas\": 3}}"))
                .containsExactly(
                        "portal: 0 replicas, 0 wanted, 1 to 3 allowed, by"
                                + " horizontalpodautoscaler/portal-app");
    }

    private static List<String> lines(String json) {
        Map<String, Object> tree =
                JsonMapper.shared().readValue(json, new TypeReference<Map<String, Object>>() {});
        return AutoscalerState.of(new Fields(tree)).lines("portal", ZoneOffset.UTC);
    }
}
