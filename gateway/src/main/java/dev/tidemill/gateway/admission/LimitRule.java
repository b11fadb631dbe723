package dev.tidemill.gateway.admission;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.limits.Budget;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.Rate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/// One rule, ready to be asked for every request.
final class LimitRule {
    private final GatewayRules.Limit rule;
    private final Quota quota;
    private final Set<String> keys;
    private final Set<String> teams;
    private final Set<String> models;
    private final Set<String> routes;
    private final boolean perKey;
    private final boolean perTeam;
    private final boolean perModel;
    private final boolean perRoute;
    private final boolean perAddress;

    LimitRule(GatewayRules.Limit rule) {
        this.rule = rule;
        this.quota =
                new Quota(
                        rate(rule.requests()),
                        rate(rule.tokens()),
                        rule.concurrent(),
                        rule.budget().map(LimitRule::budget));
        this.keys = Set.copyOf(rule.keys());
        this.teams = Set.copyOf(rule.teams());
        this.models = Set.copyOf(rule.models());
        this.routes = Set.copyOf(rule.routes());
        this.perKey = rule.per().contains("key");
        this.perTeam = rule.per().contains("team");
        this.perModel = rule.per().contains("model");
        this.perRoute = rule.per().contains("route");
        this.perAddress = rule.per().contains("address");
    }

    String name() {
        return rule.name();
    }

    Quota quota() {
        return quota;
    }

    boolean isAbout(Asked asked) {
        return isIn(keys, asked.caller().key())
                && isIn(teams, asked.caller().team().orElse(""))
                && isIn(models, asked.model())
                && isIn(routes, asked.route());
    }

    MeterKey meter(Asked asked) {
        return new MeterKey(
                rule.name(),
                perKey || perTeam ? asked.caller().issuer() : "",
                perKey ? asked.caller().key() : "",
                perTeam ? asked.caller().team().orElse("") : "",
                perModel ? asked.model() : "",
                perRoute ? asked.route() : "",
                perAddress ? asked.caller().address() : "");
    }

    private static boolean isIn(Set<String> wanted, String actual) {
        return wanted.isEmpty() || wanted.contains(actual);
    }

    private static Budget budget(GatewayRules.Budget given) {
        ZoneId zone = ZoneId.of(given.zone());
        return new Budget(
                given.perDay(), zone.normalized().equals(ZoneOffset.UTC) ? ZoneOffset.UTC : zone);
    }

    private static Optional<Rate> rate(Optional<GatewayRules.Rate> given) {
        return given.map(rate -> new Rate(rate.perMinute(), rate.burst()));
    }
}
