package dev.tidemill.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.routing.Retry.Where;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryPolicyTest {
    private static final long SECOND = 1_000_000_000L;
    private final RetryPolicy policy = new RetryPolicy(3);
    private final RetryBudget budget = new RetryBudget(RetryBudget.Limits.DEFAULT, 0);

    @ParameterizedTest
    @CsvSource({
        "CONNECT_REFUSED, 0, true, ANOTHER_REPLICA",
        "CONNECT_REFUSED, 9, true, ANOTHER_REPLICA",
        "CONNECT_REFUSED, 0, false, ANOTHER_REPLICA",
        "STALE_CONNECTION, 1, true, SAME_REPLICA",
        "STALE_CONNECTION, 3, true, UPSTREAM_FAILED",
        "STALE_CONNECTION, 1, false, UPSTREAM_FAILED",
        "RESET_BEFORE_ANSWER, 1, true, ANOTHER_REPLICA",
        "RESET_BEFORE_ANSWER, 2, true, ANOTHER_REPLICA",
        "RESET_BEFORE_ANSWER, 3, true, UPSTREAM_FAILED",
        "RESET_BEFORE_ANSWER, 1, false, UPSTREAM_FAILED",
        "CUT_MID_ANSWER_BUFFERED, 1, true, ANOTHER_REPLICA",
        "CUT_MID_ANSWER_BUFFERED, 3, true, UPSTREAM_FAILED",
        "CUT_MID_ANSWER_BUFFERED, 1, false, UPSTREAM_FAILED",
        "CUT_AFTER_FIRST_BYTE_SENT, 1, true, UPSTREAM_FAILED",
        "TIMEOUT, 1, true, DEADLINE_EXCEEDED",
    })
    void the_situation_decides(FailureKind failure, int sent, boolean idempotent, String expected) {
        Retry retry = policy.decide(new Attempt("a", failure, sent, SECOND, idempotent), budget, 0);
        String decided =
                switch (retry) {
                    case Retry.Again(Where where, _) -> where.name();
                    case Retry.GiveUp(ErrorCode code, _) -> code.name();
                };
        assertThat(decided).isEqualTo(expected);
        assertThat(retry.reason()).startsWith("replica 'a' " + failure.wording());
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void nothing_is_tried_again_when_the_time_is_over(FailureKind failure) {
        assertThat(policy.decide(new Attempt("a", failure, 1, 0, true), budget, 0))
                .isInstanceOfSatisfying(
                        Retry.GiveUp.class,
                        giveUp -> {
                            assertThat(giveUp.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
                            assertThat(giveUp.reason()).endsWith("and no time is left");
                        });
    }

    @Test
    void a_spent_budget_ends_retries_that_put_load_on_replicas_and_no_others() {
        RetryBudget spent = new RetryBudget(new RetryBudget.Limits(0, 0, 1), 0);
        assertThat(decide(FailureKind.RESET_BEFORE_ANSWER, spent)).isInstanceOf(Retry.Again.class);
        Retry refused = decide(FailureKind.RESET_BEFORE_ANSWER, spent);
        assertThat(refused).isInstanceOf(Retry.GiveUp.class);
        assertThat(refused.reason()).endsWith("and the retry budget is spent");
        assertThat(decide(FailureKind.CONNECT_REFUSED, spent)).isInstanceOf(Retry.Again.class);
        assertThat(decide(FailureKind.STALE_CONNECTION, spent)).isInstanceOf(Retry.Again.class);
    }

    @Test
    void a_refusal_costs_no_budget() {
        RetryBudget one = new RetryBudget(new RetryBudget.Limits(0, 0, 1), 0);
        policy.decide(new Attempt("a", FailureKind.TIMEOUT, 1, SECOND, true), one, 0);
        policy.decide(new Attempt("a", FailureKind.RESET_BEFORE_ANSWER, 3, SECOND, true), one, 0);
        assertThat(one.take(0)).isTrue();
    }

    @Test
    void the_default_reserve_covers_the_sudden_death_of_a_full_replica() {
        for (int request = 0; request < 256; request++) {
            assertThat(decide(FailureKind.RESET_BEFORE_ANSWER, budget))
                    .isInstanceOf(Retry.Again.class);
        }
    }

    @Test
    void a_budget_refills_by_requests_and_by_time() {
        RetryBudget small = new RetryBudget(new RetryBudget.Limits(0.2, 10, 2), 0);
        assertThat(small.take(0)).isTrue();
        assertThat(small.take(0)).isTrue();
        assertThat(small.take(0)).isFalse();
        for (int i = 0; i < 5; i++) {
            small.request();
        }
        assertThat(small.take(0)).isTrue();
        assertThat(small.take(0)).isFalse();
        assertThat(small.take(SECOND / 10)).isTrue();
        assertThat(small.take(SECOND / 10)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void retries_never_exceed_reserve_and_share_and_trickle(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RetryBudget.Limits limits =
                new RetryBudget.Limits(
                        random.nextDouble(), random.nextDouble() * 50, 1 + random.nextInt(100));
        RetryBudget any = new RetryBudget(limits, 0);
        long now = 0;
        int requests = 0;
        int retries = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(2_000_000);
            if (random.nextInt(3) > 0) {
                any.request();
                requests++;
            }
            if (any.take(now)) {
                retries++;
            }
            double most =
                    limits.reserve()
                            + requests * limits.share()
                            + now / 1e9 * limits.perSecond()
                            + 1e-6;
            assertThat((double) retries).as("seed %d step %d", seed, i).isLessThanOrEqualTo(most);
        }
    }

    @Test
    void values_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> new RetryPolicy(0)).hasMessageContaining("maxSent: '0'");
        assertThatThrownBy(() -> new RetryBudget.Limits(-1, 0, 1)).hasMessageContaining("'-1.0");
        assertThatThrownBy(() -> new RetryBudget.Limits(Double.NaN, 0, 1))
                .hasMessageContaining("'NaN");
    }

    private Retry decide(FailureKind failure, RetryBudget from) {
        return policy.decide(new Attempt("a", failure, 1, SECOND, true), from, 0);
    }
}
