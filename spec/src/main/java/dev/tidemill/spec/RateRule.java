package dev.tidemill.spec;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// How much clients may ask. It holds for each combination of what `per` names by itself, among the
/// requests that it is about.
///
/// @param name unique among the gateway's rules
/// @param per empty: all requests that it is about share one limit
/// @param keys it is about these; every one when empty, as are the next three
public record RateRule(
        String name,
        List<Per> per,
        List<String> keys,
        List<String> teams,
        List<String> models,
        List<String> routes,
        Optional<Rate> requests,
        Optional<Rate> tokens,
        Optional<Integer> concurrent,
        Optional<Budget> budget) {
    public RateRule {
        per = List.copyOf(per);
        keys = List.copyOf(keys);
        teams = List.copyOf(teams);
        models = List.copyOf(models);
        routes = List.copyOf(routes);
    }

    /// @param burst how much may come at once after a rest
    public record Rate(long perMinute, long burst) {}

    /// @param zone whose midnight ends a day
    public record Budget(BigDecimal perDay, ZoneId zone) {}

    public enum Per {
        KEY,
        TEAM,
        MODEL,
        ROUTE,
        ADDRESS
    }
}
