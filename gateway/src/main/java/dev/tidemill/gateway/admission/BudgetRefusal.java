package dev.tidemill.gateway.admission;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.cost.Money;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Budget;
import dev.tidemill.limits.QuotaDecision;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;

/// What a client is told whose money for the day is spent: OpenAI's `insufficient_quota`, which its
/// libraries do not repeat.
final class BudgetRefusal {
    private static final HeaderName SHOULD_RETRY = HeaderNames.create("x-should-retry");
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private BudgetRefusal() {}

    static TidemillException of(
            String currency,
            LimitRule rule,
            Amount estimate,
            QuotaDecision.Exceeded exceeded,
            ServerResponseHeaders said) {
        Budget budget = rule.quota().budget().orElseThrow();
        said.set(SHOULD_RETRY, "false");
        boolean never = estimate.cost() > budget.perDay();
        String expected;
        if (never) {
            expected = "a request that can cost at most that, by its length and max_tokens";
        } else {
            long seconds = exceeded.waitNanos() / NANOS_PER_SECOND;
            said.set(HeaderNames.RETRY_AFTER, Long.toString(seconds));
            expected =
                    "a request after the day ends in %s, in %d s, or one that can cost at most %s"
                            .formatted(
                                    budget.zone().getId().equals("Z") ? "UTC" : budget.zone(),
                                    seconds,
                                    Money.text(budget.left(exceeded.use().money())));
        }
        return new TidemillException(
                ErrorCode.BUDGET_EXCEEDED,
                "limit %s: '%s %s a day' (expected: %s)"
                        .formatted(rule.name(), Money.text(budget.perDay()), currency, expected));
    }
}
