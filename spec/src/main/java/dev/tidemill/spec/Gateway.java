package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.cluster.Exposure;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The address that clients use.
///
/// @param port 0 takes any free port
/// @param requestTimeout for the whole of a request to a model of the file
/// @param waitForReplica how long such a request waits for a replica to become ready
/// @param heartbeat the longest silence of a stream
/// @param maxBody the largest request body
/// @param grpcPort beside the other; 0 takes any free port; empty for no gRPC
/// @param exposure how it runs on a cluster
public record Gateway(
        Metadata metadata,
        Place place,
        String host,
        int port,
        List<Route> routes,
        Duration requestTimeout,
        Duration waitForReplica,
        Duration heartbeat,
        ByteSize maxBody,
        GatewayAccess access,
        List<RateRule> rates,
        GatewayAnswers answers,
        Prices prices,
        Optional<SharedLimits> sharedLimits,
        Optional<TlsFiles> tls,
        Optional<Integer> connectionsPerClient,
        Optional<Integer> grpcPort,
        Exposure exposure)
        implements Resource {
    public Gateway {
        routes = List.copyOf(routes);
        rates = List.copyOf(rates);
    }

    /// Whether new versions take over by themselves on any of its routes.
    public boolean hasCanaries() {
        return routes.stream().anyMatch(route -> route.traffic().canary().isPresent());
    }

    /// The same, with its limits in a store that others have them in too.
    public Gateway sharing(SharedLimits limits) {
        return new Gateway(
                metadata,
                place,
                host,
                port,
                routes,
                requestTimeout,
                waitForReplica,
                heartbeat,
                maxBody,
                access,
                rates,
                answers,
                prices,
                Optional.of(limits),
                tls,
                connectionsPerClient,
                grpcPort,
                exposure);
    }

    /// Every key and password that it sends to others.
    public List<GivenCredential> credentials() {
        List<GivenCredential> all = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            String at = "spec.routes[%d].".formatted(i);
            for (int j = 0; j < route.upstreams().size(); j++) {
                String key = at + "upstreams[%d].key".formatted(j);
                route.upstreams()
                        .get(j)
                        .key()
                        .ifPresent(found -> all.add(new GivenCredential(key, found)));
            }
            route.traffic()
                    .mirror()
                    .flatMap(mirror -> mirror.upstream().key())
                    .ifPresent(found -> all.add(new GivenCredential(at + "mirror.key", found)));
        }
        sharedLimits
                .flatMap(SharedLimits::password)
                .ifPresent(found ->
                        all.add(new GivenCredential("spec.limits.shared.password", found)));
        return all;
    }

    /// Every server that it asks, beside models of the file: upstreams, mirrors, the store of
    /// shared limits, issuers of tokens. Where an issuer's keys are elsewhere than it says itself
    /// is known where the file says so.
    public List<URI> peers() {
        return Stream.of(
                        routes.stream()
                                .flatMap(route ->
                                        Stream.concat(
                                                route.upstreams().stream(),
                                                route.traffic().mirror().stream()
                                                        .map(RouteTraffic.Mirror::upstream)))
                                .flatMap(Route.Upstream::peers),
                        sharedLimits.stream().map(SharedLimits::redis),
                        access.issuers().stream()
                                .map(issuer -> issuer.jwks().orElse(issuer.issuer())))
                .flatMap(found -> found)
                .toList();
    }

    /// @param at the key of the file that has it
    public record GivenCredential(String at, Route.Credential credential) {}
}
