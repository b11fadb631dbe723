package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import java.math.BigDecimal;

/// The keys of a gateway's `prices`.
final class PriceKeys {
    private static final int MOST = 100_000;

    static final Key.Value<String> CURRENCY =
            new Key.Value<>(
                    "currency",
                    MoneyTypes.currency(),
                    Presence.otherwise("USD"),
                    "Of all prices and budgets; it is a word for people, nothing is converted.");
    static final Key.Values<String> NAMES =
            new Key.Values<>(
                    "names",
                    GatewayTypes.clientModel(),
                    200,
                    "Models as clients call them. An answer costs what the model that was asked for"
                            + " costs, whoever gave it.");
    static final Key.Value<BigDecimal> INPUT =
            new Key.Value<>(
                    "input",
                    MoneyTypes.amount(MOST),
                    Presence.required(),
                    "Price of a million tokens of questions.");
    static final Key.Value<BigDecimal> CACHED_INPUT =
            new Key.Value<>(
                    "cachedInput",
                    MoneyTypes.amount(MOST),
                    Presence.optional("`input`"),
                    "Price of a million tokens of questions that the provider had in its cache.");
    static final Key.Value<BigDecimal> OUTPUT =
            new Key.Value<>(
                    "output",
                    MoneyTypes.amount(MOST),
                    Presence.required(),
                    "Price of a million tokens of answers.");
    static final Key.Sections MODELS =
            new Key.Sections(
                    "models",
                    Shape.of(NAMES, INPUT, CACHED_INPUT, OUTPUT),
                    0,
                    1000,
                    Presence.optional("nothing costs anything"),
                    "Prices of models; one that is not named is free.");
    static final Key.Section PRICES =
            new Key.Section(
                    "prices",
                    Shape.of(CURRENCY, MODELS),
                    Presence.otherwise("{}"),
                    "What models cost, for budgets, metrics and the header `x-tidemill-cost`.");

    private PriceKeys() {}
}
