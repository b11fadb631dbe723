package dev.tidemill.limits;

import java.util.Optional;

/// A client's share: requests and tokens a minute, requests at a time. Tokens are reserved by an
/// estimate when a request begins and settled when it has ended.
///
/// @param requests empty when not limited, as are the others
public record Quota(Optional<Rate> requests, Optional<Rate> tokens, Optional<Integer> concurrent) {
    /// What is used of a share.
    ///
    /// @param requests of a quota without a rate of them: empty for ever
    /// @param inFlight requests that have begun and not ended
    public record Use(Rate.Level requests, Rate.Level tokens, int inFlight) {}

    private static final Rate.Level NONE = new Rate.Level(0, 0);

    public Use unused(long nowNanos) {
        return new Use(
                requests.map(rate -> rate.full(nowNanos)).orElse(NONE),
                tokens.map(rate -> rate.full(nowNanos)).orElse(NONE),
                0);
    }

    /// Decides about one more request.
    ///
    /// @param estimate of its tokens, those of the answer included
    public QuotaDecision decide(Use before, long estimate, long nowNanos) {
        Use now = at(before, nowNanos);
        if (concurrent.isPresent() && now.inFlight() >= concurrent.get()) {
            return new QuotaDecision.Exceeded(now, QuotaDecision.What.CONCURRENT, 0);
        }
        if (requests.isPresent() && !requests.get().covers(now.requests(), 1)) {
            return new QuotaDecision.Exceeded(
                    now, QuotaDecision.What.REQUESTS, requests.get().waitNanos(now.requests(), 1));
        }
        if (tokens.isPresent() && !tokens.get().covers(now.tokens(), (double) estimate)) {
            return new QuotaDecision.Exceeded(
                    now,
                    QuotaDecision.What.TOKENS,
                    tokens.get().waitNanos(now.tokens(), (double) estimate));
        }
        return new QuotaDecision.Granted(
                new Use(
                        requests.isPresent()
                                ? requests.get().take(now.requests(), 1)
                                : now.requests(),
                        tokens.isPresent()
                                ? tokens.get().take(now.tokens(), (double) estimate)
                                : now.tokens(),
                        now.inFlight() + 1));
    }

    /// A request has ended.
    ///
    /// @param estimate what was reserved for it
    /// @param actual what it used
    public Use settle(Use before, long estimate, long actual, long nowNanos) {
        Use now = at(before, nowNanos);
        return new Use(
                now.requests(),
                tokens.isPresent()
                        ? tokens.get().give(now.tokens(), (double) estimate - actual)
                        : now.tokens(),
                Math.max(0, now.inFlight() - 1));
    }

    /// A request that was granted was not made after all.
    public Use undo(Use before, long estimate, long nowNanos) {
        Use settled = settle(before, estimate, 0, nowNanos);
        return requests.isPresent()
                ? new Use(
                        requests.get().give(settled.requests(), 1),
                        settled.tokens(),
                        settled.inFlight())
                : settled;
    }

    /// Refilled to now.
    public Use at(Use before, long nowNanos) {
        return new Use(
                requests.isPresent()
                        ? requests.get().at(before.requests(), nowNanos)
                        : before.requests(),
                tokens.isPresent() ? tokens.get().at(before.tokens(), nowNanos) : before.tokens(),
                before.inFlight());
    }

    /// Whether nothing would be lost by forgetting it.
    public boolean isUnused(Use use, long nowNanos) {
        Use now = at(use, nowNanos);
        return now.inFlight() == 0
                && (requests.isEmpty() || now.requests().left() >= requests.get().burst())
                && (tokens.isEmpty() || now.tokens().left() >= tokens.get().burst());
    }
}
