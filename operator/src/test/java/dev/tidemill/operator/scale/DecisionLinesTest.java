package dev.tidemill.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.client.control.ScalingDecision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DecisionLinesTest {
    @Test
    void say_what_was_seen_the_rule_the_limits_the_result_and_why() {
        ScalingDecision decision =
                new ScalingDecision(
                        Instant.EPOCH,
                        "digits",
                        "hpa",
                        "cpu 70 %",
                        2,
                        2,
                        9,
                        List.of("max"),
                        6,
                        "cpu is 300 %",
                        Map.of("cpu", 3.0),
                        Map.of("replicas gpu", 1.0));
        assertThat(new DecisionLines("ai").fields(decision))
                .containsEntry("namespace", "ai")
                .containsEntry("model", "digits")
                .containsEntry("rule", "cpu 70 %")
                .containsEntry("wanted", 9)
                .containsEntry("replicas", 6)
                .containsEntry("limits", "max")
                .containsEntry("reason", "cpu is 300 %")
                .containsEntry("seen cpu", 3.0)
                .containsEntry("figure replicas gpu", 1.0);
    }
}
