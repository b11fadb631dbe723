package dev.tidemill.cli.gateway;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.spec.Prices;
import dev.tidemill.spec.RateRule;
import java.math.BigDecimal;

/// Says what a file says of money in the gateway's own words.
final class CostOfFile {
    private static final int DIGITS = 9;

    private CostOfFile() {}

    static GatewayRules.Prices prices(Prices prices) {
        return new GatewayRules.Prices(
                prices.currency(),
                prices.models().stream()
                        .map(model ->
                                new GatewayRules.ModelPrice(
                                        model.names(),
                                        billionths(model.input()),
                                        billionths(model.cachedInput()),
                                        billionths(model.output())))
                        .toList());
    }

    static GatewayRules.Budget budget(RateRule.Budget budget) {
        return new GatewayRules.Budget(billionths(budget.perDay()), budget.zone().getId());
    }

    /// Files have no more digits than are kept.
    private static long billionths(BigDecimal amount) {
        return amount.movePointRight(DIGITS).longValueExact();
    }
}
