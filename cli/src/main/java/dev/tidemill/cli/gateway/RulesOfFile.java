package dev.tidemill.cli.gateway;

import dev.tidemill.common.AddressRange;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.GatewayAccess;
import dev.tidemill.spec.RateRule;
import dev.tidemill.spec.Route;
import dev.tidemill.spec.RouteTraffic;
import dev.tidemill.spec.SharedLimits;
import dev.tidemill.spec.TokenIssuer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Says what a file says of a gateway in the gateway's own words.
public final class RulesOfFile {
    private final Gateway gateway;
    private final Path folder;
    private final Control control;

    /// Of a gateway that runs alone.
    ///
    /// @param folder that paths in the file are relative to
    public RulesOfFile(Gateway gateway, Path folder) {
        this(gateway, folder, Control.NONE);
    }

    /// @param folder that paths in the file are relative to
    public RulesOfFile(Gateway gateway, Path folder, Control control) {
        this.gateway = gateway;
        this.folder = folder;
        this.control = control;
    }

    /// Paths that lead to a model of the file and to nothing else.
    public List<GatewayConfig.Route> paths() {
        return gateway.routes().stream()
                .filter(RulesOfFile::isPlain)
                .map(route ->
                        new GatewayConfig.Route(
                                route.path().orElseThrow(), route.model().orElseThrow()))
                .toList();
    }

    public GatewayRules rules() {
        return new GatewayRules(
                gateway.heartbeat().toMillis(),
                gateway.routes().stream()
                        .filter(route -> !isPlain(route))
                        .map(this::route)
                        .toList(),
                access(gateway.access(), gateway.connectionsPerClient()),
                gateway.rates().stream().map(RulesOfFile::limit).toList(),
                Optional.of(new AnswersOfFile(gateway.answers(), folder, control).rules()),
                CostOfFile.prices(gateway.prices()),
                gateway.sharedLimits().map(this::shared));
    }

    private GatewayRules.SharedStore shared(SharedLimits shared) {
        return new GatewayRules.SharedStore(
                shared.redis(),
                shared.user(),
                shared.password().map(this::credential),
                shared.timeout().toMillis(),
                shared.failOpen());
    }

    private static boolean isPlain(Route route) {
        return route.upstreams().isEmpty()
                && route.match().isEmpty()
                && route.traffic().equals(RouteTraffic.NONE);
    }

    private GatewayRules.RouteRule route(Route route) {
        boolean toModel = route.model().isPresent();
        return new GatewayRules.RouteRule(
                route.name(),
                route.path(),
                route.models(),
                route.match().stream().map(RulesOfFile::match).toList(),
                toModel
                        ? List.of(
                                new GatewayRules.Upstream(
                                        List.of(),
                                        route.model(),
                                        1,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        false))
                        : route.upstreams().stream().map(this::upstream).toList(),
                route.fallback(),
                route.stripPath(),
                route.sticky().map(RulesOfFile::sticky),
                held(route, toModel ? patienceOfModels() : patience(route)),
                route.retries().attempts(),
                route.retries().maxWait().toMillis(),
                TrafficOfFile.rules(route.traffic(), this::upstream));
    }

    private static GatewayRules.Patience held(Route route, GatewayRules.Patience patience) {
        return route.traffic()
                .hold()
                .flatMap(RouteTraffic.Hold::time)
                .map(time ->
                        new GatewayRules.Patience(
                                patience.requestMillis(),
                                patience.firstByteMillis(),
                                patience.idleMillis(),
                                time.toMillis()))
                .orElse(patience);
    }

    private GatewayRules.Patience patienceOfModels() {
        long request = gateway.requestTimeout().toMillis();
        return new GatewayRules.Patience(
                request, request, request, gateway.waitForReplica().toMillis());
    }

    /// Replicas of an app come and go as those of a model do.
    private GatewayRules.Patience patience(Route route) {
        Route.Timeouts timeouts = route.timeouts();
        boolean ours = route.upstreams().stream().anyMatch(each -> each.app().isPresent());
        return new GatewayRules.Patience(
                timeouts.request().toMillis(),
                timeouts.firstByte().toMillis(),
                timeouts.idle().toMillis(),
                ours && timeouts.waitForReplica().isZero()
                        ? gateway.waitForReplica().toMillis()
                        : timeouts.waitForReplica().toMillis());
    }

    private static GatewayRules.Match match(Route.Match match) {
        return switch (match) {
            case Route.Match.Header(String name, Optional<String> value) ->
                    new GatewayRules.Match(
                            Optional.of(name), Optional.empty(), value, Optional.empty());
            case Route.Match.Cookie(String name, Optional<String> value) ->
                    new GatewayRules.Match(
                            Optional.empty(), Optional.of(name), value, Optional.empty());
            case Route.Match.Percent(double percent) ->
                    new GatewayRules.Match(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(percent));
        };
    }

    private GatewayRules.Upstream upstream(Route.Upstream upstream) {
        return new GatewayRules.Upstream(
                upstream.urls(),
                upstream.model().or(upstream::app),
                upstream.weight(),
                upstream.as(),
                upstream.key().map(this::credential),
                upstream.anthropic().map(TrafficOfFile::anthropic),
                upstream.allowPrivate(),
                upstream.grpcPort());
    }

    private GatewayRules.Credential credential(Route.Credential key) {
        return new GatewayRules.Credential(
                key.env(),
                key.file().map(file -> folder.resolve(file).toAbsolutePath().toString()),
                key.header());
    }

    private static String sticky(Route.Sticky sticky) {
        return switch (sticky) {
            case Route.Sticky.Key() -> "key";
            case Route.Sticky.Header(String name) -> name;
        };
    }

    private static GatewayRules.Access access(GatewayAccess access, Optional<Integer> connections) {
        return new GatewayRules.Access(
                access.keys().stream().map(RulesOfFile::key).toList(),
                access.issuers().stream().map(RulesOfFile::jwt).toList(),
                access.allow().stream().map(AddressRange::toString).toList(),
                access.trustedProxies().stream().map(AddressRange::toString).toList(),
                access.cors()
                        .map(cors ->
                                new GatewayRules.Cors(
                                        cors.origins(),
                                        cors.methods(),
                                        cors.headers(),
                                        cors.credentials(),
                                        cors.maxAge().toSeconds())),
                access.wrongKeysPerMinute(),
                connections,
                Optional.of(secrets(access.adminKeys())));
    }

    private static List<GatewayRules.Secret> secrets(List<GatewayAccess.Secret> secrets) {
        return secrets.stream()
                .map(secret ->
                        new GatewayRules.Secret(
                                secret.hash().value(),
                                secret.expires().map(java.time.Instant::toEpochMilli)))
                .toList();
    }

    private static GatewayRules.Jwt jwt(TokenIssuer issuer) {
        return new GatewayRules.Jwt(
                issuer.issuer().toString(),
                issuer.audience(),
                issuer.jwks(),
                issuer.algorithms(),
                issuer.leeway().toMillis(),
                new GatewayRules.Claims(issuer.user(), issuer.team(), issuer.scopes()),
                issuer.requiredScope(),
                issuer.allowPrivate());
    }

    private static GatewayRules.Key key(GatewayAccess.Key key) {
        return new GatewayRules.Key(
                key.name(), secrets(key.secrets()), key.team(), key.models(), key.routes());
    }

    private static GatewayRules.Limit limit(RateRule rule) {
        return new GatewayRules.Limit(
                rule.name(),
                rule.per().stream().map(per -> per.name().toLowerCase(Locale.ROOT)).toList(),
                rule.keys(),
                rule.teams(),
                rule.models(),
                rule.routes(),
                rule.requests().map(RulesOfFile::rate),
                rule.tokens().map(RulesOfFile::rate),
                rule.concurrent(),
                rule.budget().map(CostOfFile::budget));
    }

    private static GatewayRules.Rate rate(RateRule.Rate rate) {
        return new GatewayRules.Rate(rate.perMinute(), rate.burst());
    }
}
