package dev.tidemill.manifests;

import dev.tidemill.common.Problem;
import dev.tidemill.manifests.RouteSplit.Side;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.RouteTraffic.Split;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How a mesh divides requests between a version and the one that is to take over from it: Istio's
/// VirtualService with a DestinationRule of each Service, or an HTTPRoute of a Service, as the
/// Gateway API has it for meshes. They are about requests to the Service of the first upstream.
///
/// What is made gives the new version nothing: how far it is only the gateways know, and whoever
/// asks them says it with [#weighted].
public final class SplitObjects {
    /// Label with the name of the route.
    public static final String ROUTE = "tidemill.dev/route";

    private static final String CANARY = "canary.split";
    private static final int ALL = 100;

    private SplitObjects() {}

    /// What a mesh cannot divide.
    public static List<Problem> problems(Platform platform) {
        List<Problem> problems = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (RouteSplit split : RouteSplit.of(platform)) {
            Gateway gateway = platform.gateway().orElseThrow();
            String found = split.by() == Split.ISTIO ? "istio" : "httpRoute";
            wrong(platform, split, taken)
                    .ifPresent(expected ->
                            problems.add(
                                    new Problem(
                                            gateway.place().of("spec.routes"),
                                            "Gateway/%s spec.routes.%s.%s"
                                                    .formatted(
                                                            gateway.name(), split.route(), CANARY),
                                            found,
                                            expected)));
        }
        return problems;
    }

    private static Optional<String> wrong(Platform platform, RouteSplit split, Set<String> taken) {
        if (MutualTlsObjects.asked(platform).isPresent()) {
            return Optional.of(
                    "gateway where the Environment has mtls: servers answer no mesh, which has none"
                            + " of their certificates");
        }
        if (split.sides().stream().map(Side::service).distinct().count() < split.sides().size()) {
            return Optional.of("gateway where two of the upstreams have the same replicas");
        }
        if (!taken.add(split.first().service())) {
            return Optional.of("gateway where another route divides the same first upstream");
        }
        boolean volume =
                split.sides().stream()
                        .skip(1)
                        .anyMatch(side ->
                                platform.models().stream()
                                        .filter(model -> model.name().equals(side.upstream()))
                                        .anyMatch(SplitObjects::isOnVolume));
        return volume
                ? Optional.of(
                        "gateway where a model that is not the first is in a volume, which has it"
                                + " under its own name only")
                : Optional.empty();
    }

    private static boolean isOnVolume(Model model) {
        return model.volume().isPresent();
    }

    static List<KubeObject> of(Platform platform, Gateway gateway) {
        Map<String, KubeObject> objects = new LinkedHashMap<>();
        for (RouteSplit split : RouteSplit.of(platform)) {
            Scope scope =
                    GatewayObjects.scope(platform, gateway).with(Map.of(ROUTE, split.route()));
            KubeObject division =
                    switch (split.by()) {
                        case ISTIO -> virtualService(scope, split);
                        case HTTP_ROUTE -> httpRoute(scope, split);
                        case GATEWAY -> throw new IllegalStateException("a split by nobody");
                    };
            objects.putIfAbsent(division.id(), division);
            if (split.by() == Split.ISTIO) {
                split.sides().stream()
                        .map(side -> destinationRule(GatewayObjects.scope(platform, gateway), side))
                        .forEach(rule -> objects.putIfAbsent(rule.id(), rule));
            }
        }
        return List.copyOf(objects.values());
    }

    /// The same object with that part of the requests for the new version; any other object as it
    /// is.
    ///
    /// @param percent from 0 to 100
    public static KubeObject weighted(KubeObject object, int percent) {
        if (object.label(ROUTE).isEmpty()) {
            return object;
        }
        Map<String, Object> spec = Tree.map(object.fields().get("spec"));
        spec.computeIfPresent("http", (_, rules) -> weighted(rules, "route", percent));
        spec.computeIfPresent("rules", (_, rules) -> weighted(rules, "backendRefs", percent));
        return new KubeObject(Tree.with(object.fields(), Tree.of("spec", spec)));
    }

    private static List<Object> weighted(Object rules, String key, int percent) {
        List<Object> changed = new ArrayList<>();
        for (Map<String, Object> rule : maps(rules)) {
            List<Map<String, Object>> sides = maps(rule.get(key));
            List<Integer> weights =
                    Shares.of(
                            sides.stream()
                                    .limit(sides.size() - 1L)
                                    .map(side ->
                                            side.get("weight") instanceof Number weight
                                                    ? weight.intValue()
                                                    : 0)
                                    .toList(),
                            ALL - percent);
            for (int i = 0; i < sides.size(); i++) {
                sides.get(i).put("weight", i < weights.size() ? weights.get(i) : percent);
            }
            changed.add(Tree.with(rule, Tree.of(key, sides)));
        }
        return changed;
    }

    private static List<Map<String, Object>> maps(@Nullable Object list) {
        return list instanceof List<?> found ? found.stream().map(Tree::map).toList() : List.of();
    }

    private static KubeObject virtualService(Scope scope, RouteSplit split) {
        int ports = split.sides().stream().mapToInt(side -> side.ports().size()).min().orElse(1);
        List<Map<String, Object>> rules = new ArrayList<>();
        for (int port = 0; port < ports; port++) {
            int at = port;
            rules.add(
                    Tree.of(
                            "match",
                            List.of(Tree.of("port", split.first().ports().get(at))),
                            "route",
                            weights(
                                    split,
                                    side ->
                                            Tree.of(
                                                    "destination",
                                                    Tree.of(
                                                            "host",
                                                            side.service(),
                                                            "subset",
                                                            side.upstream(),
                                                            "port",
                                                            Tree.of(
                                                                    "number",
                                                                    side.ports().get(at)))))));
        }
        return scope.named(
                split.first().service(),
                "networking.istio.io/v1",
                "VirtualService",
                "spec",
                Tree.of("hosts", List.of(split.first().service()), "http", rules));
    }

    /// A pod that fails again and again gets no requests for a while, and whoever has least to do
    /// gets the next: what Istio has in the place of a `circuitBreaker`.
    private static KubeObject destinationRule(Scope scope, Side side) {
        return scope.named(
                side.service(),
                "networking.istio.io/v1",
                "DestinationRule",
                "spec",
                Tree.of(
                        "host",
                        side.service(),
                        "trafficPolicy",
                        Tree.of(
                                "loadBalancer",
                                Tree.of("simple", "LEAST_REQUEST"),
                                "outlierDetection",
                                Tree.of(
                                        "consecutive5xxErrors",
                                        5,
                                        "interval",
                                        "5s",
                                        "baseEjectionTime",
                                        "30s",
                                        "maxEjectionPercent",
                                        50)),
                        "subsets",
                        List.of(Tree.of("name", side.upstream(), "labels", side.labels()))));
    }

    private static KubeObject httpRoute(Scope scope, RouteSplit split) {
        int port = split.first().ports().getFirst();
        return scope.named(
                split.first().service(),
                "gateway.networking.k8s.io/v1",
                "HTTPRoute",
                "spec",
                Tree.of(
                        "parentRefs",
                        List.of(
                                Tree.of(
                                        "group",
                                        "",
                                        "kind",
                                        "Service",
                                        "name",
                                        split.first().service(),
                                        "port",
                                        port)),
                        "rules",
                        List.of(
                                Tree.of(
                                        "backendRefs",
                                        weights(
                                                split,
                                                side ->
                                                        Tree.of(
                                                                "name",
                                                                side.service(),
                                                                "port",
                                                                side.ports().getFirst()))))));
    }

    /// All for those that serve already.
    private static List<Map<String, Object>> weights(
            RouteSplit split, Function<Side, Map<String, Object>> tree) {
        List<Integer> weights = Shares.of(split.stable().stream().map(Side::weight).toList(), ALL);
        List<Map<String, Object>> sides = new ArrayList<>();
        for (int i = 0; i < split.sides().size(); i++) {
            sides.add(
                    Tree.with(
                            tree.apply(split.sides().get(i)),
                            Tree.of("weight", i < weights.size() ? weights.get(i) : 0)));
        }
        return sides;
    }
}
