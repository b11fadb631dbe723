package dev.tidemill.cli.gateway;

import dev.tidemill.common.AddressRange;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.GatewayAccess;
import dev.tidemill.spec.RateRule;
import dev.tidemill.spec.Route;
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
                access(gateway.access()),
                gateway.rates().stream().map(RulesOfFile::limit).toList(),
                Optional.of(new AnswersOfFile(gateway.answers(), folder, control).rules()));
    }

    private static boolean isPlain(Route route) {
        return route.upstreams().isEmpty() && route.match().isEmpty();
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
                                        Optional.empty()))
                        : route.upstreams().stream().map(this::upstream).toList(),
                route.fallback(),
                route.stripPath(),
                route.sticky().map(RulesOfFile::sticky),
                toModel ? patienceOfModels() : patience(route.timeouts()),
                route.retries().attempts(),
                route.retries().maxWait().toMillis());
    }

    private GatewayRules.Patience patienceOfModels() {
        long request = gateway.requestTimeout().toMillis();
        return new GatewayRules.Patience(
                request, request, request, gateway.waitForReplica().toMillis());
    }

    private static GatewayRules.Patience patience(Route.Timeouts timeouts) {
        return new GatewayRules.Patience(
                timeouts.request().toMillis(),
                timeouts.firstByte().toMillis(),
                timeouts.idle().toMillis(),
                timeouts.waitForReplica().toMillis());
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
                upstream.model(),
                upstream.weight(),
                upstream.as(),
                upstream.key()
                        .map(key ->
                                new GatewayRules.Credential(
                                        key.env(),
                                        key.file()
                                                .map(file ->
                                                        folder.resolve(file)
                                                                .toAbsolutePath()
                                                                .toString()),
                                        key.header())));
    }

    private static String sticky(Route.Sticky sticky) {
        return switch (sticky) {
            case Route.Sticky.Key() -> "key";
            case Route.Sticky.Header(String name) -> name;
        };
    }

    private static GatewayRules.Access access(GatewayAccess access) {
        return new GatewayRules.Access(
                access.keys().stream().map(RulesOfFile::key).toList(),
                access.allow().stream().map(AddressRange::toString).toList(),
                access.trustedProxies().stream().map(AddressRange::toString).toList(),
                access.cors()
                        .map(cors ->
                                new GatewayRules.Cors(
                                        cors.origins(),
                                        cors.methods(),
                                        cors.headers(),
                                        cors.credentials(),
                                        cors.maxAge().toSeconds())));
    }

    private static GatewayRules.Key key(GatewayAccess.Key key) {
        return new GatewayRules.Key(
                key.name(),
                key.secrets().stream()
                        .map(secret ->
                                new GatewayRules.Secret(
                                        secret.hash().value(),
                                        secret.expires().map(java.time.Instant::toEpochMilli)))
                        .toList(),
                key.team(),
                key.models(),
                key.routes());
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
                rule.concurrent());
    }

    private static GatewayRules.Rate rate(RateRule.Rate rate) {
        return new GatewayRules.Rate(rate.perMinute(), rate.burst());
    }
}
