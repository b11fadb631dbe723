package dev.tidemill.spec;

import java.math.BigDecimal;
import java.util.List;

/// What models cost, for budgets, metrics and answers.
///
/// @param currency three capitals
public record Prices(String currency, List<ModelPrice> models) {
    /// Nothing costs anything.
    public static final Prices NONE = new Prices("USD", List.of());

    public Prices {
        models = List.copyOf(models);
    }

    /// Of a million tokens, in the currency.
    ///
    /// @param names of models as clients call them; `*` is every other
    public record ModelPrice(
            List<String> names, BigDecimal input, BigDecimal cachedInput, BigDecimal output) {
        public ModelPrice {
            names = List.copyOf(names);
        }
    }
}
