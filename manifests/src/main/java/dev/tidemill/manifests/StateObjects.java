package dev.tidemill.manifests;

import dev.tidemill.spec.cluster.ClusterDatabase;
import dev.tidemill.spec.cluster.ClusterObjectStore;
import dev.tidemill.spec.cluster.ClusterRedis;
import dev.tidemill.spec.cluster.ClusterState;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Where what must outlive pods is kept: the stores that an environment asks to be made, and the
/// addresses of those that it names.
final class StateObjects {
    private StateObjects() {}

    static List<KubeObject> of(Platform platform) {
        ClusterState state = platform.environment().state();
        List<KubeObject> objects = new ArrayList<>();
        state.database()
                .ifPresent(database -> {
                    if (database.place() instanceof ClusterDatabase.Place.Made(var store)) {
                        objects.addAll(PostgresObjects.of(platform, database.image(), store));
                    }
                    database.backup()
                            .ifPresent(backup ->
                                    objects.addAll(BackupObjects.of(platform, database, backup)));
                });
        state.redis()
                .ifPresent(redis -> {
                    if (redis.place() instanceof ClusterRedis.Place.Made(var store)) {
                        objects.addAll(RedisObjects.of(platform, redis.image(), store));
                    }
                });
        return objects;
    }

    static List<KubeObject> policies(Platform platform) {
        ClusterState state = platform.environment().state();
        List<KubeObject> policies = new ArrayList<>();
        state.database()
                .ifPresent(database -> {
                    if (database.place() instanceof ClusterDatabase.Place.Made) {
                        policies.add(
                                NetworkObjects.policy(
                                        PostgresObjects.scope(platform),
                                        List.of(
                                                NetworkObjects.rule(
                                                        "from",
                                                        List.of(
                                                                NetworkObjects.pods(
                                                                        ControlObjects.COMPONENT),
                                                                NetworkObjects.pods(
                                                                        BackupObjects.COMPONENT)),
                                                        PostgresObjects.PORT)),
                                        List.of()));
                    }
                    if (database.backup().isPresent()) {
                        policies.add(
                                NetworkObjects.policy(
                                        BackupObjects.scope(platform),
                                        List.of(),
                                        Stream.of(
                                                        Stream.of(
                                                                NetworkObjects.dns(),
                                                                toDatabase(database)),
                                                        state.objectStore().stream()
                                                                .map(StateObjects::toObjects))
                                                .flatMap(rules -> rules)
                                                .toList()));
                    }
                });
        if (state.redis().map(ClusterRedis::place).orElse(null)
                instanceof ClusterRedis.Place.Made) {
            policies.add(
                    NetworkObjects.policy(
                            RedisObjects.scope(platform),
                            List.of(
                                    NetworkObjects.rule(
                                            "from",
                                            List.of(NetworkObjects.pods(GatewayObjects.COMPONENT)),
                                            RedisObjects.PORT)),
                            List.of()));
        }
        return policies;
    }

    static Map<String, Object> toDatabase(ClusterDatabase database) {
        return switch (database.place()) {
            case ClusterDatabase.Place.Named(URI url, String _) -> UpstreamRules.to(url);
            case ClusterDatabase.Place.Made _ ->
                    NetworkObjects.rule(
                            "to",
                            List.of(NetworkObjects.pods(PostgresObjects.COMPONENT)),
                            PostgresObjects.PORT);
        };
    }

    static Map<String, Object> toObjects(ClusterObjectStore store) {
        return UpstreamRules.to(store.endpoint().orElse(URI.create("https://s3.amazonaws.com")));
    }

    static URI url(ClusterDatabase database) {
        return switch (database.place()) {
            case ClusterDatabase.Place.Named(URI url, String _) -> url;
            case ClusterDatabase.Place.Made _ -> PostgresObjects.URL;
        };
    }

    /// With `username` and `password`.
    static String secret(ClusterDatabase database) {
        return switch (database.place()) {
            case ClusterDatabase.Place.Named(URI _, String secret) -> secret;
            case ClusterDatabase.Place.Made _ -> Names.POSTGRES;
        };
    }

    /// With `password`.
    static Optional<String> secret(ClusterRedis redis) {
        return switch (redis.place()) {
            case ClusterRedis.Place.Named(URI _, Optional<String> _, Optional<String> secret) ->
                    secret;
            case ClusterRedis.Place.Made _ -> Optional.of(Names.REDIS);
        };
    }
}
