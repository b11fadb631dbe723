package dev.tidemill.gateway.config;

import dev.tidemill.common.AddressRange;
import dev.tidemill.common.Digest;
import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.gateway.cost.PriceList;
import dev.tidemill.limits.Budget;
import dev.tidemill.stores.redis.RedisAddress;
import java.net.URI;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds what is wrong with [GatewayRules]. Files were checked by whoever read them, with their
/// lines; these are the checks without which the gateway could not be put together.
final class RuleChecks {
    private static final Set<String> PER = Set.of("key", "team", "model", "route", "address");

    /// Those with a public key only: nobody can sign by what everybody knows.
    private static final List<String> ALGORITHMS =
            List.of(
                    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                    "ES512");

    private final GatewayConfig config;
    private final Problems problems;
    private final Set<String> routes = new HashSet<>();

    RuleChecks(GatewayConfig config, Problems problems) {
        this.config = config;
        this.problems = problems;
    }

    void check(GatewayRules rules) {
        if (rules.heartbeatMillis() < 1) {
            add("rules.heartbeatMillis", String.valueOf(rules.heartbeatMillis()), "at least 1");
        }
        for (GatewayRules.RouteRule route : rules.routes()) {
            if (!routes.add(route.name())) {
                add("rules.routes.name", route.name(), "each name once");
            }
        }
        rules.routes().forEach(this::route);
        access(rules.access());
        rules.limits().forEach(this::limit);
        rules.shared().ifPresent(this::shared);
        parse("rules.prices", () -> new PriceList(rules.prices()));
    }

    private void route(GatewayRules.RouteRule route) {
        String at = "rules.routes." + route.name();
        if (route.path().isEmpty() && route.models().isEmpty()) {
            add(at, "neither path nor models", "at least one");
        }
        if (route.upstreams().isEmpty()) {
            add(at + ".upstreams", "none", "at least one");
        }
        if (route.orNoTraffic().canary().isPresent() && route.upstreams().size() < 2) {
            add(at + ".traffic.canary", "one upstream", "at least two");
        }
        for (String name : route.fallback()) {
            if (!routes.contains(name)) {
                add(at + ".fallback", name, "the name of a route");
            }
        }
        List<GatewayRules.Upstream> upstreams = new ArrayList<>(route.upstreams());
        route.orNoTraffic().mirror().ifPresent(mirror -> upstreams.add(mirror.upstream()));
        for (GatewayRules.Upstream upstream : upstreams) {
            upstream.model()
                    .filter(model ->
                            config.models().stream().noneMatch(m -> m.name().equals(model)))
                    .ifPresent(model ->
                            add(at + ".upstreams.model", model, "the name of one of the models"));
            if (upstream.urls().isEmpty() == upstream.model().isEmpty()) {
                add(at + ".upstreams", "neither or both", "either urls or a model");
            }
            for (URI url : upstream.urls()) {
                if (url.getHost() == null
                        || !List.of("http", "https").contains(String.valueOf(url.getScheme()))) {
                    add(at + ".upstreams.urls", url.toString(), "http://HOST or https://HOST");
                }
            }
        }
    }

    private void access(GatewayRules.Access access) {
        for (GatewayRules.Key key : access.keys()) {
            for (GatewayRules.Secret secret : key.secrets()) {
                parse("rules.access.keys." + key.name(), () -> new Digest(secret.hash()));
            }
        }
        access.jwt().forEach(this::jwt);
        if (access.wrongKeysPerMinute() < 1) {
            add(
                    "rules.access.wrongKeysPerMinute",
                    String.valueOf(access.wrongKeysPerMinute()),
                    "at least 1");
        }
        access.allow().forEach(text -> parse("rules.access.allow", () -> AddressRange.parse(text)));
        access.trustedProxies()
                .forEach(text ->
                        parse("rules.access.trustedProxies", () -> AddressRange.parse(text)));
    }

    private void jwt(GatewayRules.Jwt jwt) {
        String at = "rules.access.jwt." + jwt.issuer();
        for (String algorithm : jwt.algorithms()) {
            if (!ALGORITHMS.contains(algorithm)) {
                add(at + ".algorithms", algorithm, String.join(" or ", ALGORITHMS));
            }
        }
        if (jwt.algorithms().isEmpty() || jwt.audience().isEmpty()) {
            add(at, "neither algorithms nor audience", "at least one of each");
        }
    }

    private void shared(GatewayRules.SharedStore store) {
        if (!RedisAddress.isValid(store.url())) {
            add("rules.shared.url", store.url().toString(), RedisAddress.EXPECTED);
        }
        if (store.timeoutMillis() < 1) {
            add("rules.shared.timeoutMillis", String.valueOf(store.timeoutMillis()), "at least 1");
        }
    }

    private void limit(GatewayRules.Limit limit) {
        limit.budget()
                .ifPresent(budget ->
                        parse(
                                "rules.limits." + limit.name() + ".budget",
                                () -> new Budget(budget.perDay(), ZoneId.of(budget.zone()))));
        for (String per : limit.per()) {
            if (!PER.contains(per)) {
                add("rules.limits." + limit.name() + ".per", per, String.join(" or ", PER));
            }
        }
    }

    private void parse(String path, Runnable parser) {
        try {
            parser.run();
        } catch (IllegalArgumentException | DateTimeException e) {
            add(path, "", String.valueOf(e.getMessage()));
        }
    }

    private void add(String path, String value, String expected) {
        problems.add(new Problem("", path, value, expected));
    }
}
