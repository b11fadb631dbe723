package dev.tidemill.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.cluster.AutoscalerState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class ExplainedTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void what_an_autoscaler_says_is_in_the_json_as_it_is_in_the_text() {
        AutoscalerState state =
                new AutoscalerState(
                        "portal-app",
                        2,
                        3,
                        1,
                        5,
                        Optional.of(Instant.parse("2026-11-22T08:00:05Z")),
                        List.of(new AutoscalerState.Metric("cpu", "97 %", "80 %")),
                        List.of(
                                new AutoscalerState.Condition(
                                        "ScalingLimited", "False", "within the range")));

        assertThat(JSON.valueToTree(new Explained(List.of(), Optional.of(state))).toString())
                .isEqualTo(
                        JSON.readTree(
                                        """
                                        {"decisions": [], "autoscaler": {
                                         "name": "portal-app", "replicas": 2, "wanted": 3, "min": 1, "max": 5,
                                         "changed": "2026-11-22T08:00:05Z",
                                         "metrics": [{"name": "cpu", "now": "97 %", "target": "80 %"}],
                                         "conditions": [{"type": "ScalingLimited", "status": "False", "message": "within the range"}]}}
                                        """)
                                .toString());
    }

    @Test
    void where_none_scales_there_is_nothing_of_it() {
        assertThat(JSON.writeValueAsString(new Explained(List.of(), Optional.empty())))
                .isEqualTo("{\"decisions\":[]}");
    }
}
