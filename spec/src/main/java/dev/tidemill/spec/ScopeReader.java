package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;

/// Reads which requests a rule is about.
record ScopeReader(OwnNames routes, OwnNames keys, OwnNames teams) {
    GatewayAnswers.Scope read(MappingCursor rule) {
        return new GatewayAnswers.Scope(
                keys.refer(rule, RateKeys.KEYS),
                teams.refer(rule, RateKeys.TEAMS),
                rule.items(RateKeys.MODELS).stream().map(Located::value).toList(),
                routes.refer(rule, RateKeys.ROUTES));
    }
}
