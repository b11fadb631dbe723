package dev.tidemill.spec;

import dev.tidemill.spec.yaml.MappingCursor;
import java.time.Duration;
import java.util.List;
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
        RouteReader routeReader = new RouteReader(context);
        List<Route> routes = routeReader.read(spec.children(RouteKeys.ROUTES));
        MappingCursor timeouts = spec.child(GatewayKeys.TIMEOUTS);
        Duration request = timeouts.get(GatewayKeys.REQUEST);
        Duration waitForReplica = timeouts.get(GatewayKeys.WAIT_FOR_REPLICA);
        Duration heartbeat = timeouts.get(GatewayKeys.HEARTBEAT);
        MappingCursor limits = spec.child(GatewayKeys.LIMITS);
        AccessReader accessReader = new AccessReader(routeReader.names());
        GatewayAccess access = accessReader.read(spec.child(AccessKeys.ACCESS));
        List<RateRule> rates =
                new RateReader(routeReader.names(), accessReader.names(), accessReader.teams())
                        .read(limits.children(RateKeys.RATES));
        return new Gateway(
                context.metadata(),
                context.place(),
                host,
                port,
                routes,
                request,
                waitForReplica,
                heartbeat,
                limits.get(GatewayKeys.MAX_BODY),
                access,
                rates,
                AnswerReader.read(spec));
    }
}
