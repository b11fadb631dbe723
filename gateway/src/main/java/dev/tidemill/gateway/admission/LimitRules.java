package dev.tidemill.gateway.admission;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.cost.PriceList;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Price;
import java.util.List;

/// A configuration's limits and prices. Immutable; what is used of them is kept by [Meters], over
/// configurations.
public final class LimitRules {
    private final List<LimitRule> rules;
    private final PriceList prices;
    private final boolean tokens;
    private final boolean places;

    public LimitRules(List<GatewayRules.Limit> limits, GatewayRules.Prices prices) {
        this.rules = limits.stream().map(LimitRule::new).toList();
        this.prices = new PriceList(prices);
        this.tokens =
                !this.prices.isEmpty()
                        || limits.stream().anyMatch(limit -> limit.tokens().isPresent());
        this.places = limits.stream().anyMatch(limit -> limit.concurrent().isPresent());
    }

    /// Whether requests at a time are limited, so that there are places to wait for.
    boolean havePlaces() {
        return places;
    }

    /// Whether anybody's tokens are limited or cost something, so that they must be known.
    public boolean countTokens() {
        return tokens;
    }

    /// What a request is expected to take.
    ///
    /// @param model as the client calls it
    /// @param question in tokens, as is the answer
    public Amount estimate(String model, long question, long answer) {
        return tokens
                ? new Amount(question + answer, price(model).of(question, 0, answer))
                : Amount.NONE;
    }

    /// @param model as the client calls it
    public Price price(String model) {
        return prices.of(model);
    }

    String currency() {
        return prices.currency();
    }

    List<LimitRule> all() {
        return rules;
    }
}
