package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/// The keys of a gateway's `limits.rates`.
final class RateKeys {
    private static final long MOST = 1_000_000_000_000L;

    static final Key.Value<String> NAME =
            new Key.Value<>(
                    "name",
                    ValueTypes.name(),
                    Presence.optional("`rate-1`, `rate-2`, ... by its place"),
                    "For messages and metrics.");
    static final Key.Values<RateRule.Per> PER =
            new Key.Values<>(
                    "per",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("key", RateRule.Per.KEY),
                                    Map.entry("team", RateRule.Per.TEAM),
                                    Map.entry("model", RateRule.Per.MODEL),
                                    Map.entry("route", RateRule.Per.ROUTE),
                                    Map.entry("address", RateRule.Per.ADDRESS))),
                    5,
                    "Each combination of these has the limit by itself; when none are named, all"
                            + " requests share it.");
    static final Key.Values<String> KEYS = names("keys", "Only requests with these keys.");
    static final Key.Values<String> TEAMS = names("teams", "Only requests of these teams.");
    static final Key.Values<String> MODELS =
            new Key.Values<>(
                    "models", GatewayTypes.sentModel(), 200, "Only requests to these models.");
    static final Key.Values<String> ROUTES = names("routes", "Only requests by these routes.");
    static final Key.Value<Long> REQUESTS =
            new Key.Value<>(
                    "requestsPerMinute",
                    ValueTypes.wholeLong(1, MOST),
                    Presence.optional("not limited"),
                    "Requests that refill a minute.");
    static final Key.Value<Long> REQUEST_BURST =
            new Key.Value<>(
                    "requestBurst",
                    ValueTypes.wholeLong(1, MOST),
                    Presence.optional("`requestsPerMinute`"),
                    "Requests that may come at once after a rest.");
    static final Key.Value<Long> TOKENS =
            new Key.Value<>(
                    "tokensPerMinute",
                    ValueTypes.wholeLong(1, MOST),
                    Presence.optional("not limited"),
                    "Tokens, of requests and answers together, that refill a minute.");
    static final Key.Value<Long> TOKEN_BURST =
            new Key.Value<>(
                    "tokenBurst",
                    ValueTypes.wholeLong(1, MOST),
                    Presence.optional("`tokensPerMinute`"),
                    "Tokens that may be used at once after a rest.");
    static final Key.Value<Integer> CONCURRENT =
            new Key.Value<>(
                    "concurrent",
                    ValueTypes.whole(1, 1_000_000),
                    Presence.optional("not limited"),
                    "Requests at a time.");
    static final Key.Value<BigDecimal> COST =
            new Key.Value<>(
                    "costPerDay",
                    MoneyTypes.spending(1_000_000),
                    Presence.optional("not limited"),
                    "A budget: money that requests may cost a day by `prices`. What a request can"
                            + " cost at most is reserved, and settled by what it did cost.");
    static final Key.Value<ZoneId> ZONE =
            new Key.Value<>(
                    "zone",
                    MoneyTypes.zone(),
                    Presence.optional("UTC"),
                    "Where the day of `costPerDay` begins at midnight.");
    static final Key.Sections RATES =
            new Key.Sections(
                    "rates",
                    Shape.of(
                            NAME,
                            PER,
                            KEYS,
                            TEAMS,
                            MODELS,
                            ROUTES,
                            REQUESTS,
                            REQUEST_BURST,
                            TOKENS,
                            TOKEN_BURST,
                            CONCURRENT,
                            COST,
                            ZONE),
                    0,
                    1000,
                    Presence.optional("not limited"),
                    "How much clients may ask; a request must be within all that are about it.");

    private RateKeys() {}

    private static Key.Values<String> names(String name, String meaning) {
        return new Key.Values<>(name, ValueTypes.name(), 200, meaning);
    }
}
