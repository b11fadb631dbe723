package dev.tidemill.manifests;

import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.Route;
import dev.tidemill.spec.RouteTraffic;
import dev.tidemill.spec.RouteTraffic.Split;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A route whose new version others than our gateway give a part of the requests to, too: those who
/// go to the Service of its first upstream.
///
/// @param sides in the order of the file; the last is the new version
record RouteSplit(String route, Split by, List<Side> sides) {
    /// An upstream, as its Service.
    ///
    /// @param upstream the model's or the app's name
    /// @param labels of its pods
    /// @param ports of the Service, HTTP's first
    record Side(
            String upstream,
            String service,
            Map<String, Object> labels,
            List<Integer> ports,
            int weight) {}

    RouteSplit {
        sides = List.copyOf(sides);
    }

    static List<RouteSplit> of(Platform platform) {
        List<RouteSplit> splits = new ArrayList<>();
        for (Route route : platform.gateway().map(Gateway::routes).orElse(List.of())) {
            Split by =
                    route.traffic().canary().map(RouteTraffic.Canary::split).orElse(Split.GATEWAY);
            if (by != Split.GATEWAY) {
                List<Side> sides =
                        route.upstreams().stream()
                                .flatMap(upstream -> side(platform, upstream).stream())
                                .toList();
                splits.add(new RouteSplit(route.name(), by, sides));
            }
        }
        return splits;
    }

    /// Whose Service it is that requests are sent to.
    Side first() {
        return sides.getFirst();
    }

    List<Side> stable() {
        return sides.subList(0, sides.size() - 1);
    }

    /// Names under which servers of a pool have to serve a model beside its own: requests are not
    /// rewritten on their way, they ask the new version for the model that they know.
    ///
    /// @return by name the model's own
    static Map<String, String> aliases(Platform platform, ModelPool pool) {
        Map<String, String> aliases = new LinkedHashMap<>();
        List<String> served = pool.models().stream().map(model -> model.name()).toList();
        for (RouteSplit split : of(platform)) {
            String known = split.first().upstream();
            split.sides().stream()
                    .map(Side::upstream)
                    .filter(served::contains)
                    .filter(_ -> !served.contains(known))
                    .forEach(own -> aliases.putIfAbsent(known, own));
        }
        return aliases;
    }

    /// Whether requests that came past our gateway reach these pods.
    static boolean reaches(Platform platform, String service) {
        return of(platform).stream()
                .flatMap(split -> split.sides().stream())
                .anyMatch(side -> side.service().equals(service));
    }

    private static Optional<Side> side(Platform platform, Route.Upstream upstream) {
        Stream<Side> models =
                upstream.model().stream()
                        .flatMap(name ->
                                ModelPool.of(platform.models()).stream()
                                        .filter(pool ->
                                                pool.models().stream()
                                                        .anyMatch(one -> one.name().equals(name)))
                                        .map(pool ->
                                                new Side(
                                                        name,
                                                        Names.server(pool.name()),
                                                        ServerObjects.scope(platform, pool)
                                                                .selector(),
                                                        List.of(
                                                                ServerObjects.HTTP,
                                                                ServerObjects.GRPC),
                                                        upstream.weight())));
        Stream<Side> apps =
                upstream.app().stream()
                        .flatMap(name ->
                                platform.apps().stream().filter(app -> app.name().equals(name)))
                        .map(app ->
                                new Side(
                                        app.name(),
                                        Names.app(app.name()),
                                        AppObjects.scope(platform, app).selector(),
                                        List.of(AppObjects.HTTP),
                                        upstream.weight()));
        return Stream.concat(models, apps).findFirst();
    }
}
