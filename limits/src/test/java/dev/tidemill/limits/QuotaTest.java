package dev.tidemill.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class QuotaTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Quota QUOTA =
            new Quota(
                    Optional.of(new Rate(60, 3)), Optional.of(new Rate(600, 100)), Optional.of(2));

    @Test
    void a_request_at_a_time_too_many_is_refused_without_being_charged() {
        Quota.Use use = granted(granted(QUOTA.unused(0), 10), 10);
        assertThat(QUOTA.decide(use, 10, 0))
                .isEqualTo(new QuotaDecision.Exceeded(use, QuotaDecision.What.CONCURRENT, 0));
        assertThat(granted(QUOTA.settle(use, 10, 10, 0), 10).inFlight()).isEqualTo(2);
    }

    @Test
    void requests_beyond_the_burst_wait_for_the_refill() {
        Quota.Use use = QUOTA.unused(0);
        for (int i = 0; i < 3; i++) {
            use = QUOTA.settle(granted(use, 0), 0, 0, 0);
        }
        assertThat(QUOTA.decide(use, 0, 0))
                .isEqualTo(new QuotaDecision.Exceeded(use, QuotaDecision.What.REQUESTS, SECOND));
    }

    @Test
    void tokens_are_reserved_by_the_estimate_and_settled_by_what_was_used() {
        Quota.Use use = granted(QUOTA.unused(0), 80);
        assertThat(QUOTA.decide(use, 30, 0))
                .isInstanceOfSatisfying(
                        QuotaDecision.Exceeded.class,
                        exceeded -> {
                            assertThat(exceeded.what()).isEqualTo(QuotaDecision.What.TOKENS);
                            assertThat(exceeded.waitNanos()).isEqualTo(SECOND);
                        });
        assertThat(QUOTA.settle(use, 80, 20, 0).tokens().left()).isEqualTo(80);
        assertThat(QUOTA.settle(use, 80, 150, 0).tokens().left()).isEqualTo(-50);
    }

    @Test
    void undone_requests_leave_no_trace() {
        Quota.Use undone = QUOTA.undo(granted(QUOTA.unused(0), 80), 80, 0);
        assertThat(undone).isEqualTo(QUOTA.unused(0));
        assertThat(QUOTA.isUnused(undone, 0)).isTrue();
    }

    @Test
    void what_is_in_use_is_not_unused_until_it_has_refilled() {
        Quota.Use use = QUOTA.settle(granted(QUOTA.unused(0), 80), 80, 80, 0);
        assertThat(QUOTA.isUnused(use, 7 * SECOND)).isFalse();
        assertThat(QUOTA.isUnused(use, 8 * SECOND)).isTrue();
    }

    private static Quota.Use granted(Quota.Use use, long estimate) {
        QuotaDecision decision = QUOTA.decide(use, estimate, 0);
        assertThat(decision).isInstanceOf(QuotaDecision.Granted.class);
        return decision.use();
    }
}
