package dev.tidemill.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class QuotaTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Quota QUOTA =
            new Quota(
                    Optional.of(new Rate(60, 3)),
                    Optional.of(new Rate(600, 100)),
                    Optional.of(2),
                    Optional.empty());
    private static final Moment BEGIN = new Moment(0, 0);

    @Test
    void a_request_at_a_time_too_many_is_refused_without_being_charged() {
        Quota.Use use = granted(granted(QUOTA.unused(BEGIN), 10), 10);
        assertThat(QUOTA.decide(use, tokens(10), BEGIN))
                .isEqualTo(new QuotaDecision.Exceeded(use, QuotaDecision.What.CONCURRENT, 0));
        assertThat(granted(QUOTA.settle(use, tokens(10), 0, tokens(10), BEGIN), 10).inFlight())
                .isEqualTo(2);
    }

    @Test
    void requests_beyond_the_burst_wait_for_the_refill() {
        Quota.Use use = QUOTA.unused(BEGIN);
        for (int i = 0; i < 3; i++) {
            use = QUOTA.settle(granted(use, 0), Amount.NONE, 0, Amount.NONE, BEGIN);
        }
        assertThat(QUOTA.decide(use, tokens(0), BEGIN))
                .isEqualTo(new QuotaDecision.Exceeded(use, QuotaDecision.What.REQUESTS, SECOND));
    }

    @Test
    void tokens_are_reserved_by_the_estimate_and_settled_by_what_was_used() {
        Quota.Use use = granted(QUOTA.unused(BEGIN), 80);
        assertThat(QUOTA.decide(use, tokens(30), BEGIN))
                .isInstanceOfSatisfying(
                        QuotaDecision.Exceeded.class,
                        exceeded -> {
                            assertThat(exceeded.what()).isEqualTo(QuotaDecision.What.TOKENS);
                            assertThat(exceeded.waitNanos()).isEqualTo(SECOND);
                        });
        assertThat(QUOTA.settle(use, tokens(80), 0, tokens(20), BEGIN).tokens().left())
                .isEqualTo(80);
        assertThat(QUOTA.settle(use, tokens(80), 0, tokens(150), BEGIN).tokens().left())
                .isEqualTo(-50);
    }

    @Test
    void undone_requests_leave_no_trace() {
        Quota.Use undone = QUOTA.undo(granted(QUOTA.unused(BEGIN), 80), tokens(80), 0, BEGIN);
        assertThat(undone).isEqualTo(QUOTA.unused(BEGIN));
        assertThat(QUOTA.isUnused(undone, BEGIN)).isTrue();
    }

    @Test
    void what_is_in_use_is_not_unused_until_it_has_refilled() {
        Quota.Use use =
                QUOTA.settle(granted(QUOTA.unused(BEGIN), 80), tokens(80), 0, tokens(80), BEGIN);
        assertThat(QUOTA.isUnused(use, new Moment(7 * SECOND, 7))).isFalse();
        assertThat(QUOTA.isUnused(use, new Moment(8 * SECOND, 8))).isTrue();
    }

    private static Quota.Use granted(Quota.Use use, long estimate) {
        QuotaDecision decision = QUOTA.decide(use, tokens(estimate), BEGIN);
        assertThat(decision).isInstanceOf(QuotaDecision.Granted.class);
        return decision.use();
    }

    private static Amount tokens(long tokens) {
        return new Amount(tokens, 0);
    }
}
