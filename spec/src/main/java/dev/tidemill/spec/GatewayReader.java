package dev.tidemill.spec;

import dev.tidemill.spec.cluster.ExposureKeys;
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
        Prices prices = new PriceReader().read(spec.child(PriceKeys.PRICES));
        List<RateRule> rates =
                new RateReader(
                                routeReader.names(),
                                accessReader.names(),
                                accessReader.teams(),
                                !prices.models().isEmpty())
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
                AnswerReader.read(
                        spec,
                        new ScopeReader(
                                routeReader.names(), accessReader.names(), accessReader.teams())),
                prices,
                SharedLimitReader.read(limits),
                listener.flatMap(GatewayReader::tls),
                limits.find(GatewayKeys.CONNECTIONS),
                listener.flatMap(given -> given.find(GatewayKeys.GRPC_PORT)),
                ExposureKeys.read(spec));
    }

    private static Optional<TlsFiles> tls(MappingCursor listener) {
        MappingCursor tls = listener.child(GatewayKeys.TLS);
        TlsFiles files =
                new TlsFiles(tls.get(GatewayKeys.CERTIFICATE), tls.get(GatewayKeys.PRIVATE_KEY));
        return listener.has(GatewayKeys.TLS) && listener.isSound(GatewayKeys.TLS)
                ? Optional.of(files)
                : Optional.empty();
    }
}
