package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the limits of a gateway's clients.
final class RateReader {
    private final OwnNames routes;
    private final OwnNames keys;
    private final OwnNames teams;
    private final boolean priced;
    private final OwnNames names = new OwnNames("rate");

    /// @param priced whether any model has a price
    RateReader(OwnNames routes, OwnNames keys, OwnNames teams, boolean priced) {
        this.routes = routes;
        this.keys = keys;
        this.teams = teams;
        this.priced = priced;
    }

    List<RateRule> read(List<MappingCursor> given) {
        List<RateRule> rules = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            rules.add(read(given.get(i), i));
        }
        return rules;
    }

    private RateRule read(MappingCursor rule, int index) {
        String name = names.take(rule, RateKeys.NAME, index);
        Optional<RateRule.Rate> requests = rate(rule, RateKeys.REQUESTS, RateKeys.REQUEST_BURST);
        Optional<RateRule.Rate> tokens = rate(rule, RateKeys.TOKENS, RateKeys.TOKEN_BURST);
        Optional<Integer> concurrent = rule.find(RateKeys.CONCURRENT);
        if (!rule.has(RateKeys.REQUESTS)
                && !rule.has(RateKeys.TOKENS)
                && !rule.has(RateKeys.CONCURRENT)
                && !rule.has(RateKeys.COST)) {
            rule.problem(
                    RateKeys.REQUESTS,
                    "at least one of requestsPerMinute, tokensPerMinute, concurrent or costPerDay");
        }
        return new RateRule(
                name,
                rule.items(RateKeys.PER).stream().map(Located::value).distinct().toList(),
                keys.refer(rule, RateKeys.KEYS),
                teams.refer(rule, RateKeys.TEAMS),
                rule.items(RateKeys.MODELS).stream().map(Located::value).toList(),
                routes.refer(rule, RateKeys.ROUTES),
                requests,
                tokens,
                concurrent,
                budget(rule));
    }

    private Optional<RateRule.Budget> budget(MappingCursor rule) {
        Optional<BigDecimal> perDay = rule.find(RateKeys.COST);
        Optional<ZoneId> zone = rule.find(RateKeys.ZONE);
        if (zone.isPresent() && !rule.has(RateKeys.COST)) {
            rule.problem(RateKeys.ZONE, "given with costPerDay only");
        }
        if (perDay.isPresent() && !priced) {
            rule.problem(RateKeys.COST, "given where there are prices.models");
        }
        return perDay.map(amount -> new RateRule.Budget(amount, zone.orElse(ZoneOffset.UTC)));
    }

    private static Optional<RateRule.Rate> rate(
            MappingCursor rule, Key.Value<Long> perMinute, Key.Value<Long> burst) {
        Optional<Long> most = rule.find(burst);
        Optional<Long> refill = rule.find(perMinute);
        if (rule.has(burst) && !rule.has(perMinute)) {
            rule.problem(perMinute, "given where there is a " + burst.name());
        }
        return refill.map(rate -> new RateRule.Rate(rate, most.orElse(rate)));
    }
}
