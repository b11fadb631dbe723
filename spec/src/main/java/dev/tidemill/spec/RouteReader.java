package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the routes of a gateway.
final class RouteReader {
    private final DocumentContext context;
    private final OwnNames names = new OwnNames("route");

    /// Lines of the paths and models that a route without conditions has taken.
    private final Map<String, Integer> taken = new HashMap<>();

    RouteReader(DocumentContext context) {
        this.context = context;
    }

    OwnNames names() {
        return names;
    }

    List<Route> read(List<MappingCursor> given) {
        List<String> own = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            own.add(names.take(given.get(i), RouteKeys.NAME, i));
        }
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            routes.add(read(own.get(i), given.get(i)));
        }
        return routes;
    }

    private Route read(String name, MappingCursor route) {
        List<Route.Match> match =
                route.children(RouteKeys.MATCH).stream()
                        .map(RouteReader::match)
                        .flatMap(Optional::stream)
                        .toList();
        List<Route.Upstream> upstreams =
                route.children(RouteKeys.UPSTREAMS).stream().map(this::upstream).toList();
        Optional<Located<String>> app = route.locate(RouteKeys.APP);
        app.ifPresent(found -> context.refersTo(Kind.APP, found));
        Optional<String> path = route.find(RouteKeys.PATH);
        List<Located<String>> models = route.items(RouteKeys.MODELS);
        Optional<Located<String>> model = route.locate(RouteKeys.MODEL);
        model.ifPresent(found -> context.refersTo(Kind.MODEL, found));
        checkDestination(route);
        checkReach(route, path, models, route.has(RouteKeys.MATCH));
        MappingCursor timeouts = route.child(RouteKeys.TIMEOUTS);
        MappingCursor retries = route.child(RouteKeys.RETRIES);
        return new Route(
                name,
                path,
                models.stream().map(Located::value).toList(),
                model.map(Located::value),
                match,
                app.isPresent() ? List.of(Route.Upstream.toApp(app.get().value())) : upstreams,
                names.refer(route, RouteKeys.FALLBACK),
                route.get(RouteKeys.STRIP_PATH),
                new Route.Timeouts(
                        timeouts.get(RouteKeys.REQUEST),
                        timeouts.get(RouteKeys.FIRST_BYTE),
                        timeouts.get(RouteKeys.IDLE),
                        timeouts.get(RouteKeys.WAIT_FOR_REPLICA)),
                new Route.Retries(retries.get(RouteKeys.ATTEMPTS), retries.get(RouteKeys.MAX_WAIT)),
                route.find(RouteKeys.STICKY)
                        .map(by ->
                                by.equals("key")
                                        ? new Route.Sticky.Key()
                                        : new Route.Sticky.Header(by)),
                TrafficReader.read(route, upstreams, this::upstream));
    }

    private static void checkDestination(MappingCursor route) {
        if (route.has(RouteKeys.UPSTREAMS)) {
            for (Key key : List.of(RouteKeys.MODEL, RouteKeys.APP)) {
                if (route.has(key)) {
                    route.problem(key, "left out where there are upstreams");
                }
            }
        } else if (route.has(RouteKeys.APP)) {
            if (route.has(RouteKeys.MODEL)) {
                route.problem(RouteKeys.MODEL, "left out where there is an app");
            }
        } else if (!route.has(RouteKeys.MODEL)) {
            route.problem(RouteKeys.MODEL, RouteKeys.MODEL.expected());
        }
    }

    /// A route needs a path or models, and must be reachable behind those before it.
    private void checkReach(
            MappingCursor route,
            Optional<String> path,
            List<Located<String>> models,
            boolean conditional) {
        boolean byModel =
                (route.has(RouteKeys.UPSTREAMS) || route.has(RouteKeys.APP))
                        && route.has(RouteKeys.MODELS);
        if (!route.has(RouteKeys.PATH) && !byModel) {
            route.problem(RouteKeys.PATH, RouteKeys.PATH.expected());
        }
        path.ifPresent(own -> take(route, RouteKeys.PATH, own, conditional));
        for (Located<String> model : models) {
            take(route, RouteKeys.MODELS, "model " + model.value(), conditional);
        }
    }

    private void take(MappingCursor route, Key key, String what, boolean conditional) {
        Integer before = taken.get(what);
        if (before != null) {
            route.problem(
                    key,
                    key.equals(RouteKeys.PATH)
                            ? "a path of its own; the route on line %d has it too".formatted(before)
                            : "models of its own; the route on line %d has %s too"
                                    .formatted(before, what));
        } else if (!conditional) {
            taken.put(what, route.lineOf(key));
        }
    }

    private static Optional<Route.Match> match(MappingCursor match) {
        Optional<String> value = match.find(RouteKeys.VALUE);
        Optional<String> header = match.find(RouteKeys.HEADER);
        Optional<String> cookie = match.find(RouteKeys.COOKIE);
        Optional<Double> percent = match.find(RouteKeys.PERCENT);
        int given =
                count(match, RouteKeys.HEADER)
                        + count(match, RouteKeys.COOKIE)
                        + count(match, RouteKeys.PERCENT);
        if (given != 1) {
            match.problem(RouteKeys.HEADER, "one of header, cookie or percent");
        }
        return header.<Route.Match>map(name -> new Route.Match.Header(name, value))
                .or(() -> cookie.map(name -> new Route.Match.Cookie(name, value)))
                .or(() -> percent.map(Route.Match.Percent::new));
    }

    private Route.Upstream upstream(MappingCursor upstream) {
        List<URI> urls =
                new ArrayList<>(
                        upstream.items(RouteKeys.URLS).stream().map(Located::value).toList());
        upstream.find(RouteKeys.URL).ifPresent(urls::addFirst);
        Optional<Located<String>> model = upstream.locate(RouteKeys.UPSTREAM_MODEL);
        model.ifPresent(found -> context.refersTo(Kind.MODEL, found));
        Optional<Located<String>> app = upstream.locate(RouteKeys.UPSTREAM_APP);
        app.ifPresent(found -> context.refersTo(Kind.APP, found));
        int given =
                count(upstream, RouteKeys.URL)
                        + count(upstream, RouteKeys.URLS)
                        + count(upstream, RouteKeys.UPSTREAM_MODEL)
                        + count(upstream, RouteKeys.UPSTREAM_APP);
        if (given != 1) {
            upstream.problem(RouteKeys.URL, "one of url, urls, model or app");
        }
        MappingCursor key = upstream.child(RouteKeys.KEY);
        Optional<String> env = key.find(RouteKeys.ENV);
        Optional<String> file = key.find(RouteKeys.FILE);
        Optional<Route.Anthropic> anthropic = ProviderKeys.read(upstream);
        String header =
                key.find(RouteKeys.KEY_HEADER)
                        .orElse(anthropic.isPresent() ? "x-api-key" : "authorization");
        if (upstream.has(RouteKeys.KEY)
                && upstream.isSound(RouteKeys.KEY)
                && count(key, RouteKeys.ENV) + count(key, RouteKeys.FILE) != 1) {
            key.problem(RouteKeys.ENV, "one of env or file");
        }
        return new Route.Upstream(
                urls,
                model.map(Located::value),
                upstream.get(RouteKeys.WEIGHT),
                upstream.find(RouteKeys.AS),
                upstream.has(RouteKeys.KEY)
                        ? Optional.of(new Route.Credential(env, file, header))
                        : Optional.empty(),
                anthropic,
                upstream.get(ProviderKeys.ALLOW_PRIVATE),
                grpcPort(upstream),
                app.map(Located::value));
    }

    private static Optional<Integer> grpcPort(MappingCursor upstream) {
        if (!upstream.has(RouteKeys.GRPC_PORT)) {
            return Optional.empty();
        }
        if (upstream.has(RouteKeys.UPSTREAM_MODEL)) {
            upstream.problem(RouteKeys.GRPC_PORT, "left out where there is a model");
        } else if (upstream.has(RouteKeys.UPSTREAM_APP)) {
            upstream.problem(RouteKeys.GRPC_PORT, "left out where there is an app");
        }
        return upstream.find(RouteKeys.GRPC_PORT);
    }

    private static int count(MappingCursor in, Key key) {
        return in.has(key) ? 1 : 0;
    }
}
