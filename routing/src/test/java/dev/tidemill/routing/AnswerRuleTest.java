package dev.tidemill.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnswerRuleTest {
    private static final long SECOND = 1_000_000_000L;
    private static final AnswerRule RULE = new AnswerRule(3, SECOND);
    private final RetryBudget budget = new RetryBudget(new RetryBudget.Limits(0, 0, 10), 0);

    @ParameterizedTest
    @CsvSource({
        "200,,false", "400,,false", "401,,false", "404,,false", "422,,false",
        "408,,true", "409,,true", "429,,true", "500,,true", "503,,true",
        "500,false,false", "404,true,true"
    })
    void repeats_what_openais_clients_repeat(int status, Boolean said, boolean again) {
        AnswerVerdict verdict =
                RULE.decide(new AnswerRule.Seen(status, said, -1, 1, true, 9 * SECOND), budget, 0);
        assertThat(verdict instanceof AnswerVerdict.Again).isEqualTo(again);
    }

    @Test
    void waits_for_the_only_server_as_long_as_it_asks_if_that_is_not_too_long() {
        assertThat(decide(429, SECOND / 2, 1, false))
                .isEqualTo(new AnswerVerdict.Again(SECOND / 2, "answered 429"));
        assertThat(decide(429, 2 * SECOND, 1, false)).isInstanceOf(AnswerVerdict.Pass.class);
        assertThat(decide(429, -1, 1, false)).isInstanceOf(AnswerVerdict.Pass.class);
    }

    @Test
    void goes_to_another_server_without_waiting() {
        assertThat(decide(429, 60 * SECOND, 1, true))
                .isEqualTo(new AnswerVerdict.Again(0, "answered 429"));
    }

    @Test
    void tells_the_client_not_to_repeat_what_was_repeated_enough() {
        assertThat(decide(500, -1, 3, true))
                .isEqualTo(
                        new AnswerVerdict.Pass("answered 500 and 3 attempts are the most", true));
    }

    @Test
    void stops_when_the_budget_is_used_up() {
        for (int i = 0; i < 10; i++) {
            assertThat(decide(500, -1, 1, true)).isInstanceOf(AnswerVerdict.Again.class);
        }
        assertThat(decide(500, -1, 1, true))
                .isEqualTo(
                        new AnswerVerdict.Pass(
                                "answered 500 and the retry budget is used up", true));
    }

    private AnswerVerdict decide(int status, long retryAfter, int sent, boolean others) {
        return RULE.decide(
                new AnswerRule.Seen(status, null, retryAfter, sent, others, 9 * SECOND), budget, 0);
    }
}
