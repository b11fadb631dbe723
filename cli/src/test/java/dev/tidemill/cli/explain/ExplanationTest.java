package dev.tidemill.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.client.control.ScalingDecision;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExplanationTest {
    private static final ScalingDecision DECISION =
            new ScalingDecision(
                    Instant.parse("2026-11-21T09:00:01Z"),
                    "digits",
                    "hpa",
                    "cpu 70 %",
                    2,
                    2,
                    6,
                    List.of("max"),
                    4,
                    "cpu 70 %: 210 with 2 ready wants 6, max is 4",
                    Map.of("cpu", 2.1),
                    Map.of());

    @Test
    void a_decision_says_what_was_seen_the_rule_the_limits_and_the_result() {
        assertThat(
                        String.join(
                                "\n",
                                Explanation.lines(
                                        "intents", "digits", List.of(DECISION), ZoneOffset.UTC)))
                .isEqualTo(
                        """
                        intents: 4 replicas of digits, 2 ready, policy hpa: cpu 70 %: 210 with 2 ready wants 6, max is 4

                        11-21 09:00:01  2 -> 4  cpu 70 %: 210 with 2 ready wants 6, max is 4
                            rule    cpu 70 %, which wants 6
                            limits  max
                            saw     cpu 2.10\
                        """);
    }

    @Test
    void nothing_written_down_is_said_so() {
        assertThat(Explanation.lines("digits", "digits", List.of(), ZoneOffset.UTC))
                .containsExactly("digits: no decision is written down");
    }
}
