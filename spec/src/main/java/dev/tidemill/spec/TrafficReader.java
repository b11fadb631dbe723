package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads what a route does with its requests beside sending each to one upstream.
final class TrafficReader {
    private TrafficReader() {}

    /// @param upstreams of the route
    /// @param upstream reads one
    static RouteTraffic read(
            MappingCursor route,
            List<Route.Upstream> upstreams,
            Function<MappingCursor, Route.Upstream> upstream) {
        return new RouteTraffic(
                canary(route, upstreams),
                mirror(route, upstream),
                route.find(TrafficKeys.HEDGE),
                route.get(TrafficKeys.BALANCE),
                hold(route));
    }

    private static Optional<RouteTraffic.Mirror> mirror(
            MappingCursor route, Function<MappingCursor, Route.Upstream> upstream) {
        if (!route.has(RouteKeys.MIRROR)) {
            return Optional.empty();
        }
        MappingCursor mirror = route.child(RouteKeys.MIRROR);
        return Optional.of(
                new RouteTraffic.Mirror(
                        upstream.apply(mirror), mirror.get(TrafficKeys.MIRROR_PERCENT)));
    }

    private static Optional<RouteTraffic.Hold> hold(MappingCursor route) {
        if (!route.has(TrafficKeys.HOLD)) {
            return Optional.empty();
        }
        MappingCursor hold = route.child(TrafficKeys.HOLD);
        return Optional.of(
                new RouteTraffic.Hold(
                        hold.find(TrafficKeys.HOLD_TIME), hold.find(TrafficKeys.HOLD_REQUESTS)));
    }

    private static Optional<RouteTraffic.Canary> canary(
            MappingCursor route, List<Route.Upstream> upstreams) {
        if (!route.has(TrafficKeys.CANARY)) {
            return Optional.empty();
        }
        MappingCursor canary = route.child(TrafficKeys.CANARY);
        if (upstreams.size() < 2) {
            route.problem(
                    TrafficKeys.CANARY,
                    "at least two upstreams, of which the last is the new version");
        }
        List<Double> steps = canary.items(TrafficKeys.STEPS).stream().map(Located::value).toList();
        boolean blueGreen = canary.get(TrafficKeys.STRATEGY);
        if (blueGreen && canary.has(TrafficKeys.STEPS)) {
            canary.problem(TrafficKeys.STEPS, "none with strategy: blueGreen, which has one: all");
        } else if (!blueGreen
                && route.isSound(TrafficKeys.CANARY)
                && canary.isSound(TrafficKeys.STEPS)) {
            checkSteps(canary, steps);
        }
        MappingCursor gates = canary.child(TrafficKeys.GATES);
        RouteTraffic.Canary read =
                new RouteTraffic.Canary(
                        blueGreen ? RouteTraffic.Canary.BLUE_GREEN : steps,
                        canary.get(TrafficKeys.EVERY),
                        canary.get(TrafficKeys.STEP_TIMEOUT),
                        canary.get(TrafficKeys.WHEN_LATE),
                        new RouteTraffic.Gates(
                                gates.get(TrafficKeys.ERROR_RATE),
                                gates.find(TrafficKeys.P95),
                                gates.find(TrafficKeys.P99),
                                gates.get(TrafficKeys.MIN_REQUESTS),
                                gates.get(TrafficKeys.CONFIDENCE)),
                        canary.get(TrafficKeys.SPLIT));
        if (read.split() != RouteTraffic.Split.GATEWAY
                && upstreams.stream().anyMatch(one -> !one.urls().isEmpty())) {
            canary.problem(
                    TrafficKeys.SPLIT, "gateway where an upstream is no model or app of this file");
        }
        if (read.stepTimeout().compareTo(read.every()) < 0) {
            canary.problem(TrafficKeys.STEP_TIMEOUT, "at least as long as every");
        }
        return Optional.of(read);
    }

    private static void checkSteps(MappingCursor canary, List<Double> steps) {
        if (steps.isEmpty() || steps.getFirst() >= 100) {
            canary.problem(TrafficKeys.STEPS, "a first step below 100, such as [10, 50, 100]");
        }
        for (int i = 1; i < steps.size(); i++) {
            if (steps.get(i) <= steps.get(i - 1)) {
                canary.problem(TrafficKeys.STEPS, "rising percentages such as [10, 50, 100]");
                return;
            }
        }
    }
}
