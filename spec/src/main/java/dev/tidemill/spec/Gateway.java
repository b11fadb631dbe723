package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.cluster.Exposure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The address that clients use.
///
/// @param port 0 takes any free port
/// @param requestTimeout for the whole of a request to a model of the file
/// @param waitForReplica how long such a request waits for a replica to become ready
/// @param heartbeat the longest silence of a stream
/// @param maxBody the largest request body
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
        Exposure exposure)
        implements Resource {
    public Gateway {
        routes = List.copyOf(routes);
        rates = List.copyOf(rates);
    }
}
