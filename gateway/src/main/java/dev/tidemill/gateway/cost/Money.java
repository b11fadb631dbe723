package dev.tidemill.gateway.cost;

import dev.tidemill.limits.Price;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import java.math.BigDecimal;

/// Amounts of money as people read them.
public final class Money {
    /// What an answer cost; only on answers that were whole before their first byte went out.
    private static final HeaderName COST = HeaderNames.create("x-tidemill-cost");

    private static final int DIGITS = 9;

    private Money() {}

    /// Such as `12.5`.
    ///
    /// @param billionths of the currency
    public static String text(long billionths) {
        return BigDecimal.valueOf(billionths, DIGITS).stripTrailingZeros().toPlainString();
    }

    /// Tells the client what its answer cost, when the model has a price.
    public static void say(ServerResponseHeaders to, Price price, long cost) {
        if (!price.isFree()) {
            to.set(COST, text(cost));
        }
    }
}
