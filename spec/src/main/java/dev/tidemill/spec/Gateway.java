package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import java.time.Duration;
import java.util.List;

/// The address that clients use.
///
/// @param port 0 takes any free port
/// @param requestTimeout for the whole of a request to a model of the file
/// @param waitForReplica how long such a request waits for a replica to become ready
/// @param heartbeat the longest silence of a stream
/// @param maxBody the largest request body
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
        GatewayAnswers answers)
        implements Resource {
    public Gateway {
        routes = List.copyOf(routes);
        rates = List.copyOf(rates);
    }
}
