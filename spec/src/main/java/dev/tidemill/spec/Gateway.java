package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import java.time.Duration;
import java.util.List;

/// The address that clients use.
///
/// @param port 0 takes any free port
/// @param requestTimeout for the whole of a request
/// @param waitForReplica how long a request waits for a replica to become ready
/// @param maxBody the largest request body
public record Gateway(
        Metadata metadata,
        Place place,
        String host,
        int port,
        List<Route> routes,
        Duration requestTimeout,
        Duration waitForReplica,
        ByteSize maxBody)
        implements Resource {
    public Gateway {
        routes = List.copyOf(routes);
    }
}
