package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.client.control.DecisionList;
import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.common.TidemillException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class ClusterDecisionsTest {
    @Test
    void the_newest_of_a_time_are_shown_as_an_operator_wrote_them() {
        String text =
                JsonMapper.shared()
                        .writeValueAsString(
                                new DecisionList(
                                        IntStream.range(0, 10)
                                                .mapToObj(ClusterDecisionsTest::decision)
                                                .toList()));
        assertThat(ClusterDecisions.newest("digits-decisions", text, Instant.EPOCH, 3))
                .containsExactly(decision(7), decision(8), decision(9));
        assertThat(ClusterDecisions.newest("digits-decisions", text, Instant.ofEpochSecond(8), 100))
                .containsExactly(decision(8), decision(9));
    }

    @Test
    void what_somebody_else_wrote_is_said_to_be_that() {
        assertThatThrownBy(() ->
                        ClusterDecisions.newest("digits-decisions", "nonsense", Instant.EPOCH, 3))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("configmap/digits-decisions");
    }

    private static ScalingDecision decision(int at) {
        return new ScalingDecision(
                Instant.ofEpochSecond(at),
                "digits",
                "hpa",
                "cpu 70 %",
                2,
                2,
                3,
                List.of("max"),
                3,
                "because",
                Map.of("cpu", 0.9),
                Map.of());
    }
}
