package dev.tidemill.gateway.cost;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.limits.Price;
import java.util.HashMap;
import java.util.Map;

/// Prices of models as clients call them. Immutable; a new configuration brings a new one.
public final class PriceList {
    private static final String ANY = "*";

    private final String currency;
    private final Map<String, Price> prices = new HashMap<>();
    private final Price others;

    public PriceList(GatewayRules.Prices rules) {
        this.currency = rules.currency();
        for (GatewayRules.ModelPrice given : rules.models()) {
            Price price = new Price(given.input(), given.cachedInput(), given.output());
            given.names().forEach(name -> prices.put(name, price));
        }
        this.others = prices.getOrDefault(ANY, Price.FREE);
    }

    /// Whether nothing has a price, so that nobody need know what was used.
    public boolean isEmpty() {
        return prices.isEmpty();
    }

    /// Such as `USD`.
    public String currency() {
        return currency;
    }

    /// [Price#FREE] for a model without one.
    public Price of(String model) {
        return prices.isEmpty() ? Price.FREE : prices.getOrDefault(model, others);
    }
}
