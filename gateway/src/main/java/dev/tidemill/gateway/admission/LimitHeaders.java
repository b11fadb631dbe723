package dev.tidemill.gateway.admission;

import dev.tidemill.gateway.cost.Money;
import dev.tidemill.limits.Budget;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.Rate;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import org.jspecify.annotations.Nullable;

/// OpenAI's `x-ratelimit-*` headers: of several limits the one of which the smallest part is left
/// (of budgets, the least money).
final class LimitHeaders {
    private static final Names REQUESTS = new Names("requests");
    private static final Names TOKENS = new Names("tokens");
    private static final HeaderName BUDGET = HeaderNames.create("x-ratelimit-limit-budget");
    private static final HeaderName BUDGET_LEFT =
            HeaderNames.create("x-ratelimit-remaining-budget");

    private @Nullable Said requests;
    private @Nullable Said tokens;
    private @Nullable Budget budget;
    private long moneyLeft;

    void add(Quota quota, Quota.Use use) {
        if (quota.requests().isPresent()) {
            requests = tighter(requests, new Said(quota.requests().get(), use.requests()));
        }
        if (quota.tokens().isPresent()) {
            tokens = tighter(tokens, new Said(quota.tokens().get(), use.tokens()));
        }
        if (quota.budget().isPresent()) {
            Budget given = quota.budget().get();
            long left = given.left(use.money());
            if (budget == null || left < moneyLeft) {
                budget = given;
                moneyLeft = left;
            }
        }
    }

    void write(ServerResponseHeaders to) {
        write(to, REQUESTS, requests);
        write(to, TOKENS, tokens);
        if (budget != null) {
            to.set(BUDGET, Money.text(budget.perDay()));
            to.set(BUDGET_LEFT, Money.text(moneyLeft));
        }
    }

    private static void write(ServerResponseHeaders to, Names names, @Nullable Said said) {
        if (said != null) {
            to.set(names.limit, Long.toString(said.rate.perMinute()));
            to.set(names.remaining, Long.toString(said.rate.remaining(said.level)));
            to.set(names.reset, duration(said.rate.resetNanos(said.level)));
        }
    }

    private static Said tighter(@Nullable Said one, Said other) {
        return one == null || other.part() < one.part() ? other : one;
    }

    /// As Go prints durations: `12ms`, `1.5s`, `6m0s`.
    static String duration(long nanos) {
        long millis = (nanos + 999_999) / 1_000_000;
        if (millis < 1000) {
            return millis + "ms";
        }
        long minutes = millis / 60_000;
        long rest = millis % 60_000;
        String seconds = rest / 1000 + fraction(rest % 1000) + "s";
        if (minutes == 0) {
            return seconds;
        }
        return minutes < 60
                ? minutes + "m" + seconds
                : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String fraction(long millis) {
        if (millis == 0) {
            return "";
        }
        String digits = "%03d".formatted(millis);
        int end = 3;
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return "." + digits.substring(0, end);
    }

    private record Said(Rate rate, Rate.Level level) {
        double part() {
            return level.left() / rate.burst();
        }
    }

    private static final class Names {
        private final HeaderName limit;
        private final HeaderName remaining;
        private final HeaderName reset;

        Names(String what) {
            this.limit = HeaderNames.create("x-ratelimit-limit-" + what);
            this.remaining = HeaderNames.create("x-ratelimit-remaining-" + what);
            this.reset = HeaderNames.create("x-ratelimit-reset-" + what);
        }
    }
}
