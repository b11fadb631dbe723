package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the `spec` of a gateway.
final class GatewayReader {
    private GatewayReader() {}

    static Gateway read(DocumentContext context, MappingCursor spec) {
        Optional<MappingCursor> listener =
                spec.children(GatewayKeys.LISTENERS).stream().findFirst();
        String host =
                listener.map(given -> given.get(GatewayKeys.HOST))
                        .orElseGet(GatewayKeys.HOST::fallback);
        int port =
                listener.map(given -> given.get(GatewayKeys.PORT))
                        .orElseGet(GatewayKeys.PORT::fallback);
        List<Route> routes = routes(context, spec.children(GatewayKeys.ROUTES));
        MappingCursor timeouts = spec.child(GatewayKeys.TIMEOUTS);
        Duration request = timeouts.get(GatewayKeys.REQUEST);
        Duration waitForReplica = timeouts.get(GatewayKeys.WAIT_FOR_REPLICA);
        ByteSize maxBody = spec.child(GatewayKeys.LIMITS).get(GatewayKeys.MAX_BODY);
        return new Gateway(
                context.metadata(),
                context.place(),
                host,
                port,
                routes,
                request,
                waitForReplica,
                maxBody);
    }

    private static List<Route> routes(DocumentContext context, List<MappingCursor> given) {
        List<Route> routes = new ArrayList<>();
        Map<String, Integer> taken = new HashMap<>();
        for (MappingCursor route : given) {
            Optional<Located<String>> path = route.locate(GatewayKeys.PATH);
            path.map(found -> taken.putIfAbsent(found.value(), found.line()))
                    .ifPresent(line ->
                            route.problem(
                                    GatewayKeys.PATH,
                                    "a path of its own; the route on line %d has it too"
                                            .formatted(line)));
            route.locate(GatewayKeys.MODEL).ifPresent(name -> context.refersTo(Kind.MODEL, name));
            routes.add(new Route(route.get(GatewayKeys.PATH), route.get(GatewayKeys.MODEL)));
        }
        return routes;
    }
}
