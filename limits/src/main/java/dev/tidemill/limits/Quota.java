package dev.tidemill.limits;

import java.util.Optional;

/// A client's share: requests and tokens a minute, requests at a time, money a day. Tokens and
/// money are reserved by an estimate when a request begins and settled when it has ended.
///
/// @param requests empty when not limited, as are the others
public record Quota(
        Optional<Rate> requests,
        Optional<Rate> tokens,
        Optional<Integer> concurrent,
        Optional<Budget> budget) {
    /// What is used of a share.
    ///
    /// @param requests of a quota without a rate of them: empty for ever
    /// @param inFlight requests that have begun and not ended
    public record Use(Rate.Level requests, Rate.Level tokens, int inFlight, Budget.Level money) {}

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final Rate.Level NONE = new Rate.Level(0, 0);
    private static final Budget.Level NOTHING = new Budget.Level(0, 0);

    public Use unused(Moment now) {
        return new Use(
                requests.isPresent() ? requests.get().full(now.nanos()) : NONE,
                tokens.isPresent() ? tokens.get().full(now.nanos()) : NONE,
                0,
                budget.isPresent() ? budget.get().unused(now.epochSecond()) : NOTHING);
    }

    /// Decides about one more request.
    ///
    /// @param estimate what it takes, its answer included
    public QuotaDecision decide(Use before, Amount estimate, Moment moment) {
        Use now = at(before, moment);
        double wanted = estimate.tokens();
        if (concurrent.isPresent() && now.inFlight() >= concurrent.get()) {
            return exceeded(now, QuotaDecision.What.CONCURRENT, estimate, moment.epochSecond());
        }
        if (requests.isPresent() && !requests.get().covers(now.requests(), 1)) {
            return exceeded(now, QuotaDecision.What.REQUESTS, estimate, moment.epochSecond());
        }
        if (tokens.isPresent() && !tokens.get().covers(now.tokens(), wanted)) {
            return exceeded(now, QuotaDecision.What.TOKENS, estimate, moment.epochSecond());
        }
        if (budget.isPresent() && !budget.get().covers(now.money(), estimate.cost())) {
            return exceeded(now, QuotaDecision.What.MONEY, estimate, moment.epochSecond());
        }
        return new QuotaDecision.Granted(
                new Use(
                        requests.isPresent()
                                ? requests.get().take(now.requests(), 1)
                                : now.requests(),
                        tokens.isPresent() ? tokens.get().take(now.tokens(), wanted) : now.tokens(),
                        now.inFlight() + 1,
                        budget.isPresent()
                                ? budget.get().spend(now.money(), estimate.cost())
                                : now.money()));
    }

    /// The refusal, with how long it lasts.
    ///
    /// @param what is used up, of those that are limited
    public QuotaDecision.Exceeded exceeded(
            Use now, QuotaDecision.What what, Amount estimate, long epochSecond) {
        long wait =
                switch (what) {
                    case CONCURRENT -> 0;
                    case REQUESTS -> requests.orElseThrow().waitNanos(now.requests(), 1);
                    case TOKENS ->
                            tokens.orElseThrow()
                                    .waitNanos(now.tokens(), (double) estimate.tokens());
                    case MONEY ->
                            budget.orElseThrow().secondsToNext(now.money(), epochSecond)
                                    * NANOS_PER_SECOND;
                };
        return new QuotaDecision.Exceeded(now, what, wait);
    }

    /// A request has ended.
    ///
    /// @param estimate what was reserved for it
    /// @param day on which money was reserved, of the use that it was granted with
    /// @param actual what it used
    public Use settle(Use before, Amount estimate, long day, Amount actual, Moment moment) {
        Use now = at(before, moment);
        return new Use(
                now.requests(),
                tokens.isPresent()
                        ? tokens.get()
                                .give(now.tokens(), (double) estimate.tokens() - actual.tokens())
                        : now.tokens(),
                Math.max(0, now.inFlight() - 1),
                budget.isPresent()
                        ? budget.get().settle(now.money(), day, estimate.cost(), actual.cost())
                        : now.money());
    }

    /// A request that was granted was not made after all.
    public Use undo(Use before, Amount estimate, long day, Moment now) {
        Use settled = settle(before, estimate, day, Amount.NONE, now);
        return requests.isPresent()
                ? new Use(
                        requests.get().give(settled.requests(), 1),
                        settled.tokens(),
                        settled.inFlight(),
                        settled.money())
                : settled;
    }

    /// Refilled to now.
    public Use at(Use before, Moment now) {
        return new Use(
                requests.isPresent()
                        ? requests.get().at(before.requests(), now.nanos())
                        : before.requests(),
                tokens.isPresent()
                        ? tokens.get().at(before.tokens(), now.nanos())
                        : before.tokens(),
                before.inFlight(),
                budget.isPresent()
                        ? budget.get().at(before.money(), now.epochSecond())
                        : before.money());
    }

    /// Whether nothing would be lost by forgetting it.
    public boolean isUnused(Use use, Moment moment) {
        Use now = at(use, moment);
        return now.inFlight() == 0
                && (requests.isEmpty() || now.requests().left() >= requests.get().burst())
                && (tokens.isEmpty() || now.tokens().left() >= tokens.get().burst())
                && now.money().spent() == 0;
    }
}
