package dev.tidemill.manifests;

import dev.tidemill.spec.Environment;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Route;
import dev.tidemill.spec.SharedLimits;
import dev.tidemill.spec.cluster.ClusterRedis;
import java.net.URI;
import java.util.Optional;

/// The Redis of an environment, for a gateway that has limits and names none itself.
public final class GatewayStore {
    /// Environment variable of a gateway's pods with the password.
    static final String PASSWORD = "TIDEMILL_REDIS_PASSWORD";

    private GatewayStore() {}

    /// The gateway as it is in that environment.
    public static Gateway in(Environment environment, Gateway gateway) {
        return gateway.rates().isEmpty() || gateway.sharedLimits().isPresent()
                ? gateway
                : environment
                        .state()
                        .redis()
                        .map(redis -> gateway.sharing(limits(redis)))
                        .orElse(gateway);
    }

    private static SharedLimits limits(ClusterRedis redis) {
        Optional<Route.Credential> password =
                StateObjects.secret(redis)
                        .map(_ ->
                                new Route.Credential(Optional.of(PASSWORD), Optional.empty(), ""));
        return switch (redis.place()) {
            case ClusterRedis.Place.Named(URI url, Optional<String> user, Optional<String> _) ->
                    SharedLimits.in(url, user, password);
            case ClusterRedis.Place.Made _ ->
                    SharedLimits.in(RedisObjects.URL, Optional.empty(), password);
        };
    }
}
