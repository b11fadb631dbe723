package dev.tidemill.cli.gateway;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.spec.Route;
import dev.tidemill.spec.RouteTraffic;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// Says what a file says of a route's traffic in the gateway's own words.
final class TrafficOfFile {
    private TrafficOfFile() {}

    /// @param upstream says what a file says of one
    static Optional<TrafficRules> rules(
            RouteTraffic traffic, Function<Route.Upstream, GatewayRules.Upstream> upstream) {
        return traffic.equals(RouteTraffic.NONE)
                ? Optional.empty()
                : Optional.of(
                        new TrafficRules(
                                traffic.canary().map(TrafficOfFile::canary),
                                traffic.mirror()
                                        .map(mirror ->
                                                new TrafficRules.Mirror(
                                                        upstream.apply(mirror.upstream()),
                                                        mirror.percent())),
                                traffic.hedge().map(TrafficOfFile::hedge),
                                traffic.byPrefix(),
                                traffic.hold().flatMap(RouteTraffic.Hold::requests)));
    }

    private static TrafficRules.Hedge hedge(RouteTraffic.Hedge hedge) {
        return switch (hedge) {
            case RouteTraffic.Hedge.After(Duration time) ->
                    new TrafficRules.Hedge(Optional.of(time.toMillis()), Optional.empty());
            case RouteTraffic.Hedge.Quantile(double percent) ->
                    new TrafficRules.Hedge(Optional.empty(), Optional.of(percent));
        };
    }

    static GatewayRules.Anthropic anthropic(Route.Anthropic given) {
        return new GatewayRules.Anthropic(
                given.maxTokens(),
                given.promptCaching() != Route.PromptCaching.OFF,
                given.promptCaching() == Route.PromptCaching.HOUR);
    }

    private static TrafficRules.Canary canary(RouteTraffic.Canary canary) {
        RouteTraffic.Gates gates = canary.gates();
        return new TrafficRules.Canary(
                canary.steps(),
                canary.every().toMillis(),
                canary.stepTimeout().toMillis(),
                canary.rollbackWhenLate(),
                gates.errorRate(),
                gates.p95().map(TrafficOfFile::latency),
                gates.p99().map(TrafficOfFile::latency),
                gates.minRequests(),
                gates.confidence());
    }

    private static TrafficRules.Latency latency(RouteTraffic.Latency latency) {
        return switch (latency) {
            case RouteTraffic.Latency.Factor(double times) ->
                    new TrafficRules.Latency(Optional.of(times), Optional.empty());
            case RouteTraffic.Latency.Absolute(Duration time) ->
                    new TrafficRules.Latency(Optional.empty(), Optional.of(time.toMillis()));
        };
    }
}
