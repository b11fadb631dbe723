package dev.tidemill.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BudgetTest {
    private static final long UNIT = 1_000_000_000L;
    private static final long NOON = Instant.parse("2026-03-28T12:00:00Z").getEpochSecond();
    private static final long DAY = 86_400;
    private static final Quota QUOTA =
            new Quota(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new Budget(10 * UNIT, ZoneOffset.UTC)));

    @Test
    void money_is_reserved_by_the_estimate_and_settled_by_what_it_was() {
        Quota.Use use = granted(QUOTA.unused(at(NOON)), 9);
        assertThat(QUOTA.decide(use, cost(2), at(NOON)))
                .isEqualTo(
                        new QuotaDecision.Exceeded(
                                use, QuotaDecision.What.MONEY, DAY / 2 * 1_000_000_000L));
        Quota.Use settled = QUOTA.settle(use, cost(9), use.money().day(), cost(1), at(NOON));
        assertThat(granted(settled, 9).money().spent()).isEqualTo(10 * UNIT);
    }

    @Test
    void what_can_never_fit_is_refused_although_nothing_is_spent() {
        assertThat(QUOTA.decide(QUOTA.unused(at(NOON)), cost(11), at(NOON)))
                .isInstanceOf(QuotaDecision.Exceeded.class);
    }

    @Test
    void what_costs_nothing_may_come_when_all_is_spent_and_more() {
        Quota.Use use = granted(QUOTA.unused(at(NOON)), 1);
        Quota.Use overshot = QUOTA.settle(use, cost(1), use.money().day(), cost(50), at(NOON));
        assertThat(QUOTA.decide(overshot, Amount.NONE, at(NOON)))
                .isInstanceOf(QuotaDecision.Granted.class);
        assertThat(QUOTA.decide(overshot, new Amount(0, 1), at(NOON)))
                .isInstanceOf(QuotaDecision.Exceeded.class);
    }

    @Test
    void a_new_day_has_a_whole_budget_and_takes_no_money_back_for_the_day_before() {
        Quota.Use use = granted(QUOTA.unused(at(NOON)), 10);
        long tomorrow = NOON + DAY;
        Quota.Use settled = QUOTA.settle(use, cost(10), use.money().day(), cost(3), at(tomorrow));
        assertThat(settled.money().spent()).isEqualTo(3 * UNIT);
        assertThat(QUOTA.decide(settled, cost(7), at(tomorrow)))
                .isInstanceOf(QuotaDecision.Granted.class);
    }

    @Test
    void a_clock_that_goes_back_does_not_open_yesterdays_budget() {
        Quota.Use use = granted(QUOTA.unused(at(NOON)), 10);
        assertThat(QUOTA.decide(use, cost(1), at(NOON - DAY)))
                .isInstanceOf(QuotaDecision.Exceeded.class);
        assertThat(QUOTA.decide(use, cost(1), at(NOON - 3 * DAY)))
                .isInstanceOf(QuotaDecision.Exceeded.class);
        Quota.Use wrong = QUOTA.at(use, at(NOON - 3 * DAY));
        assertThat(QUOTA.decide(wrong, cost(1), at(NOON - 2 * DAY)))
                .isInstanceOf(QuotaDecision.Granted.class);
    }

    @Test
    void a_day_of_a_zone_is_as_long_as_it_is_there() {
        Budget berlin = new Budget(UNIT, ZoneId.of("Europe/Berlin"));
        long begin = Instant.parse("2026-03-28T23:00:00Z").getEpochSecond();
        assertThat(berlin.day(begin - 1)).isEqualTo(berlin.day(begin) - 1);
        Budget.Level level = berlin.unused(begin);
        assertThat(berlin.secondsToNext(level, begin)).isEqualTo(23 * 3600);
        assertThat(berlin.day(begin + 23 * 3600 - 1)).isEqualTo(level.day());
        assertThat(berlin.day(begin + 23 * 3600)).isEqualTo(level.day() + 1);
    }

    @Test
    void tokens_cost_what_their_million_does_rounded_up() {
        Price price = new Price(2_500_000_000L, 1_250_000_000L, 10_000_000_000L);
        assertThat(price.of(1_000_000, 0, 0)).isEqualTo(2_500_000_000L);
        assertThat(price.of(100, 40, 7)).isEqualTo(60 * 2500 + 40 * 1250 + 7 * 10_000);
        assertThat(new Price(1, 1, 1).of(1, 0, 1)).isEqualTo(2);
        assertThat(price.of(1, 5, 0)).isEqualTo(1250);
        assertThat(price.of(Long.MAX_VALUE, 0, Long.MAX_VALUE)).isPositive();
        assertThat(Price.FREE.of(100, 0, 100)).isZero();
    }

    private static Quota.Use granted(Quota.Use use, long units) {
        QuotaDecision decision = QUOTA.decide(use, cost(units), at(NOON));
        assertThat(decision).isInstanceOf(QuotaDecision.Granted.class);
        return decision.use();
    }

    private static Amount cost(long units) {
        return new Amount(0, units * UNIT);
    }

    private static Moment at(long second) {
        return new Moment(0, second);
    }
}
